package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Exit;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import io.direktiv.functions.oci.disk.Disks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Attempts to fill this machine's disk from inside a real sandbox, whose disk has 16 MiB.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DiskTest {
  private static final long DISK_BYTES = 16L << 20;
  private OciFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = OciFixture.start();
    Path trial = Files.createDirectories(fixture.folder().resolve("trial/disk"));
    Optional<String> reason = Disks.ofRoot().give(trial, DISK_BYTES);
    Disks.remove(trial);
    OciFixture.require(reason.isEmpty(), "disks cannot be limited here: " + reason.orElse(""));
  }

  @AfterEach
  void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static SandboxLimits limits(long diskBytes) {
    return new SandboxLimits(
        1, 64L << 20, 64, 256, 256L << 20, diskBytes, Duration.ofMinutes(1), Network.NONE);
  }

  /// What backs this machine's loop devices, of this test.
  private List<String> loops() throws IOException {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      return devices
          .map(device -> device.resolve("loop/backing_file"))
          .map(DiskTest::text)
          .filter(file -> file.contains(fixture.folder().toString()))
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return "";
    }
  }

  private void assertNothingIsLeft() throws Exception {
    assertThat(fixture.folder().resolve("disks")).isEmptyDirectory();
    assertThat(Path.of("/proc/mounts")).content().doesNotContain(fixture.folder().toString());
    // The kernel frees a loop device a moment after its mount.
    while (!loops().isEmpty()) {
      Thread.sleep(10);
    }
  }

  @Test
  void aFileInTheRootEndsWhereTheDiskDoes() throws Exception {
    // when
    SandboxEnd end =
        fixture
            .runtime()
            .run(
                OciFixture.sandbox(
                    "dd if=/dev/zero of=/bomb bs=65536 count=1024 2>&1; echo $(stat -c %s /bomb)"
                        + " >&2; exit 3",
                    limits(DISK_BYTES)),
                line -> {});

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(3));
    assertThat(end.isDiskFull()).isTrue();
    fixture.awaitNothingLeft();
    assertNothingIsLeft();
  }

  @Test
  void aFileInTheDataFolderEndsWhereTheDiskDoes() throws Exception {
    assertThat(
            fixture.said(
                "dd if=/dev/zero of=/direktiv-data/bomb bs=65536 count=1024 2>&1 | cat > /dev/shm/o;"
                    + " s=$(stat -c %s /direktiv-data/bomb); rm /direktiv-data/bomb;"
                    + " cat /dev/shm/o; [ $s -lt 16777216 ] && echo held",
                limits(DISK_BYTES)))
        .contains("No space left on device")
        .endsWith("held\n");
  }

  @Test
  void emptyFilesEndWhereTheirNumberDoes() throws Exception {
    // when
    String said =
        fixture.said(
            "mkdir /many; cd /many; for i in $(seq 4000); do true > $i || break; done 2> /dev/shm/e;"
                + " set -- *; echo $#; cat /dev/shm/e",
            limits(DISK_BYTES));

    // then a file takes 8 KiB of the disk's count
    assertThat(said).contains("No space left on device");
    assertThat(Integer.parseInt(said.lines().findFirst().orElseThrow())).isBetween(1_000, 2_048);
  }

  @Test
  void aLimitOfZeroIsNone() throws Exception {
    // when
    SandboxEnd end =
        fixture
            .runtime()
            .run(
                OciFixture.sandbox("dd if=/dev/zero of=/big bs=65536 count=512", limits(0)),
                line -> {});

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(end.isDiskFull()).isFalse();
  }
}
