package io.direktiv.functions.oci.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Disks where they can be had, where they cannot for the moment, and where they never can.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DisksTest {
  private static final long BYTES = 16L << 20;

  @TempDir Path folder;

  @BeforeEach
  void canMount() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount");
    Path trial = Files.createDirectory(folder.resolve("trial"));
    Optional<String> reason = Disks.ofRoot().give(trial, BYTES);
    Disks.remove(trial);
    assumeTrue(reason.isEmpty(), () -> "disks cannot be limited here: " + reason.orElse(""));
  }

  private static String said(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void aDiskHasItsSizeAndGoes() throws Exception {
    // given
    Path disk = Files.createDirectory(folder.resolve("disk"));

    // when
    assertThat(Disks.ofRoot().give(disk, BYTES)).isEmpty();

    // then
    assertThat(Files.getFileStore(disk).type()).isEqualTo("ext4");
    assertThat(Files.getFileStore(disk).getTotalSpace()).isBetween(BYTES * 9 / 10, BYTES);
    assertThat(Disks.isFull(disk)).isFalse();

    // when
    Disks.remove(disk);
    Disks.remove(disk);

    // then
    assertThat(folder.resolve("disk.ext4")).doesNotExist();
    assertThat(Files.getFileStore(disk).getTotalSpace()).isNotEqualTo(BYTES);
  }

  @Test
  void whatMayPassFailsOneDiskAndNoOther() throws Exception {
    // given a file system without room
    Path full = Files.createDirectory(folder.resolve("full"));
    said("mount", "-t", "tmpfs", "-o", "size=16k", "none", full.toString());
    Disks disks = Disks.ofRoot();
    try {
      Path disk = Files.createDirectory(full.resolve("disk"));

      // when
      assertThatThrownBy(() -> disks.give(disk, BYTES))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("it got no disk of its own: ");

      // then
      assertThat(full.resolve("disk.ext4")).doesNotExist();
    } finally {
      said("umount", "--lazy", full.toString());
    }
    Path next = Files.createDirectory(folder.resolve("next"));
    assertThat(disks.give(next, BYTES)).isEmpty();
    assertThat(Files.getFileStore(next).type()).isEqualTo("ext4");
    Disks.remove(next);
  }

  @Test
  void whereThereAreNoLoopDevicesTheFirstIsToldAndAllGoWithout() throws Exception {
    // when
    String said =
        said(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount --bind /dev/null /dev/loop-control && exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Loopless.class.getName(),
            folder.toString());

    // then
    List<String> lines = said.lines().toList();
    assertThat(lines).as(said).hasSize(2);
    assertThat(lines.getFirst()).contains("loop device").contains("Inappropriate ioctl");
    assertThat(lines.getLast()).isEqualTo("Optional.empty");
  }

  /// Asks for two disks and prints the answers.
  static final class Loopless {
    private Loopless() {}

    public static void main(String... folder) throws IOException {
      Disks disks = Disks.ofRoot();
      for (String name : List.of("one", "two")) {
        Path disk = Files.createDirectory(Path.of(folder[0], name));
        System.out.println(disks.give(disk, BYTES));
      }
    }
  }
}
