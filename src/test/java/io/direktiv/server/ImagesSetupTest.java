package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where images lie (XDG Base Directory Specification for other users than root).
class ImagesSetupTest {
  private static final Path HOME = Path.of("/h/bot");

  @Test
  void keepsTheImagesOfRootForTheWholeMachine() {
    assertThat(ImagesSetup.cache(true, "/x", HOME)).isEqualTo(Path.of("/var/cache"));
  }

  @Test
  void keepsTheImagesOfAUserInItsCache() {
    assertThat(ImagesSetup.cache(false, "/x", HOME)).isEqualTo(Path.of("/x"));
    assertThat(ImagesSetup.cache(false, "", HOME)).isEqualTo(Path.of("/h/bot/.cache"));
    assertThat(ImagesSetup.cache(false, "x", HOME)).isEqualTo(Path.of("/h/bot/.cache"));
  }

  @Test
  void takesTheHomeThatTheEnvironmentNamesBeforeTheOneTheSystemKnows() {
    assertThat(UserHome.of(Map.of("HOME", "/h/bot"), "/nonexistent")).isEqualTo(HOME);
    assertThat(UserHome.of(Map.of("HOME", ""), "/known")).isEqualTo(Path.of("/known"));
    assertThat(UserHome.of(Map.of(), "/known")).isEqualTo(Path.of("/known"));
  }

  @Test
  void readsFoldersThatAreAbsolute() {
    assertThat(Readers.folders("/a, /b")).containsExactly(Path.of("/a"), Path.of("/b"));
    assertThat(Readers.folders("")).isEmpty();
  }
}
