package io.direktiv.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Depth costs heap and not stack, also on virtual threads.
class DeepJsonTest {
  private static final int DEPTH = 200_000;
  private static final JsonLimits LIMITS = new JsonLimits(DEPTH, 1 << 24);

  @Test
  void readsWritesComparesAndHashesDeepValues() throws InterruptedException {
    for (String[] ends : new String[][] {{"[", "1", "]"}, {"{\"a\":", "1", "}"}}) {
      String text = ends[0].repeat(DEPTH) + ends[1] + ends[2].repeat(DEPTH);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Json one = JsonReader.read(text, LIMITS);
                  Json other = JsonReader.read(text, LIMITS);
                  Json different = JsonReader.read(text.replace('1', '2'), LIMITS);
                  assertThat(one.equals(other)).isTrue();
                  assertThat(one.hashCode()).isEqualTo(other.hashCode());
                  assertThat(one.equals(different)).isFalse();
                  assertThat(one.toString().equals(text)).isTrue();
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      thread.join();
      assertThat(failure.get()).isNull();
    }
  }

  @Test
  void refusesWhatIsTooDeepByDefault() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("nesting deeper than 10000 at line 1, column 10002");
  }

  @Test
  void equalityIgnoresOrderAndSpellingOnly() {
    assertThat(Json.parse("{\"a\":1,\"b\":[2]}")).isEqualTo(Json.parse("{\"b\":[2.0],\"a\":1}"));
    assertThat(Json.parse("{\"a\":1}")).isNotEqualTo(Json.parse("{\"b\":1}"));
    assertThat(Json.parse("[1,2]")).isNotEqualTo(Json.parse("[2,1]"));
    assertThat(Json.parse("[1]")).isNotEqualTo(Json.parse("[1,1]"));
    assertThat(Json.parse("[]")).isNotEqualTo(Json.parse("{}"));
  }
}
