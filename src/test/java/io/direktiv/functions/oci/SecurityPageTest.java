package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the table of attempts to escape in `docs/operations/security.md` to what is tried: every
/// test that it names is there.
class SecurityPageTest {
  private static final Path PAGE = Path.of("docs/operations/security.md");
  private static final Pattern NAME = Pattern.compile("`((?:\\w+Test|RootEgress)\\.\\w+)`");
  private static final List<Class<?>> CLASSES =
      List.of(
          EscapeTest.class,
          SystemCallsTest.class,
          BombTest.class,
          DiskTest.class,
          RootEgress.class);

  @Test
  void namesNoAttemptThatIsNotTried() throws IOException {
    // given
    List<String> named =
        NAME.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();

    // then
    assertThat(named).hasSizeGreaterThan(20).isSubsetOf(tests());
  }

  private static List<String> tests() {
    return CLASSES.stream()
        .flatMap(each ->
            Stream.of(each.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> each.getSimpleName() + "." + method.getName()))
        .toList();
  }
}
