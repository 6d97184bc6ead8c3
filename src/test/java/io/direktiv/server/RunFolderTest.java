package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a server puts what lives no longer than its sandboxes.
class RunFolderTest {
  @TempDir Path runtime;

  private Path folder() throws IOException {
    return RunFolder.of(false, Map.of("XDG_RUNTIME_DIR", runtime.toString()));
  }

  @Test
  void rootHasTheMachinesOwn() throws Exception {
    assertThat(RunFolder.of(true, Map.of())).isEqualTo(Path.of("/run/direktiv"));
  }

  @Test
  void anotherUserHasOneThatNobodyElseEnters() throws Exception {
    assertThat(folder()).isEqualTo(runtime.resolve("direktiv"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
  }

  @Test
  void oneThatOthersMayChangeIsNotUsed() throws Exception {
    // given
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));

    // then
    assertThatThrownBy(this::folder)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(runtime + "/direktiv")
        .hasMessageContaining("is not this user's alone");
  }

  @Test
  void aLinkIsNotUsed() throws Exception {
    // given
    Files.createSymbolicLink(
        runtime.resolve("direktiv"), Files.createDirectory(runtime.resolve("x")));

    // then
    assertThatThrownBy(this::folder).hasMessageContaining("is not this user's alone");
  }
}
