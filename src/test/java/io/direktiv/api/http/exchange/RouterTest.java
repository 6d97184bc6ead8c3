package io.direktiv.api.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Finding routes, and reading query strings.
class RouterTest {
  private static Route route(String path) {
    return Route.get(path, path, "").by(_ -> Answer.nothing());
  }

  private final Router router =
      new Router(List.of(route("/"), route("/a/{x}"), route("/a/b"), route("/a/{x}/c/{y}")));

  @Test
  void prefersALiteralToAParameter() {
    assertThat(router.match("GET", "/a/b").route().path()).isEqualTo("/a/b");
    assertThat(router.match("GET", "/a/other").values()).isEqualTo(Map.of("x", "other"));
  }

  @Test
  void decodesParametersAndKeepsPlusSigns() {
    assertThat(router.match("GET", "/a/caf%C3%A9+1/c/%20").values())
        .isEqualTo(Map.of("x", "café+1", "y", " "));
  }

  @Test
  void ignoresOneSlashAtTheEnd() {
    assertThat(router.match("HEAD", "/a/b/").route().path()).isEqualTo("/a/b");
    assertThatThrownBy(() -> router.match("GET", "/a//")).isInstanceOf(Refusal.class);
  }

  @Test
  void tellsWhatIsAllowed() {
    assertThatThrownBy(() -> router.match("POST", "/a/b"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(refusal.headers()).isEqualTo(Map.of("Allow", "GET, HEAD, OPTIONS")));
  }

  @Test
  void readsEachKnownParameterOnce() {
    List<Parameter> known = List.of(new Parameter("name", Parameter.Kind.TEXT, ""));

    assertThat(Query.parse("name=a%2Bb+c%26", known)).isEqualTo(Map.of("name", "a+b c&"));
    assertThat(Query.parse("name", known)).isEqualTo(Map.of("name", ""));
    assertThat(Query.parse("", known)).isEmpty();
    assertThatThrownBy(() -> Query.parse("name=a&name=b", known)).hasMessageContaining("once");
    assertThatThrownBy(() -> Query.parse("nam=a", known)).hasMessageContaining("\"name\"");
    assertThatThrownBy(() -> Query.parse("name=%2", known)).hasMessageContaining("%25");
  }

  @Test
  void keepsHeadersToOneLineOfAscii() {
    assertThat(Answer.headerText("a\r\nSet-Cookie: x\t€")).isEqualTo("a  Set-Cookie: x ?");
    assertThat(Answer.headerText("x".repeat(10_000))).hasSize(Limits.HEADER_TEXT_CHARS_MAX);
  }
}
