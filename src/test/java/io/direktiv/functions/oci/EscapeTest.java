package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Exit;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Attempts to get out of a sandbox, from inside a real one, each with the refusal that it meets.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EscapeTest {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(1, 64L << 20, 64, 256, 32L << 20, 0, Duration.ofMinutes(1), Network.NONE);
  private static OciFixture fixture;

  @BeforeAll
  static void start() throws IOException {
    fixture = OciFixture.start().working();
  }

  @AfterAll
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static String said(String script) throws SandboxException {
    return fixture.said(script, LIMITS);
  }

  @Test
  void rootIsNobodyOnThisMachineAndHasNoCapabilities() throws Exception {
    // Without root it is that of the namespace around it, who is this process's user.
    assertThat(said("id -u; cat /proc/self/uid_map; grep Cap /proc/self/status"))
        .startsWith("0\n")
        .containsPattern(OciRuntime.isRoot() ? "0 +" + OciRuntime.OWNER + " +65536" : "0 +0 +1\n")
        .contains("CapEff:\t0000000000000000")
        .contains("CapBnd:\t0000000000000000");
  }

  @Test
  void mountingIsRefused() throws Exception {
    assertThat(said("mount -t tmpfs none /tmp; mount -o bind / /tmp; umount /proc; echo $?"))
        .contains("mount: permission denied")
        .endsWith("1\n");
  }

  @Test
  void namespacesOfItsOwnAreRefused() throws Exception {
    assertThat(said("unshare -r true; unshare -m true; nsenter -t 1 -m true"))
        .contains("unshare")
        .contains("Operation not permitted")
        .doesNotContain("applet not found");
  }

  @Test
  void otherProcessesOfThisMachineCannotBeSeen() throws Exception {
    assertThat(said("ls -d /proc/[0-9]* | wc -l")).matches("[1-5]\\n");
  }

  @Test
  void systemSettingsAreReadOnly() throws Exception {
    assertThat(said("echo x > /proc/sys/kernel/core_pattern; echo x > /sys/kernel/uevent_helper"))
        .contains("/proc/sys/kernel/core_pattern: Read-only file system")
        .containsPattern("/sys/kernel/uevent_helper: (Read-only file system|Permission denied)");
  }

  @Test
  void keysAndTimersOfTheKernelAreHidden() throws Exception {
    assertThat(said("wc -c < /proc/keys; wc -c < /proc/timer_list")).isEqualTo("0\n0\n");
  }

  @Test
  void devicesCannotBeMade() throws Exception {
    assertThat(said("mknod /tmp/disk b 254 0; ls /dev"))
        .contains("Operation not permitted")
        .doesNotContain("vda")
        .doesNotContain("loop")
        .contains("null");
  }

  @Test
  void theImageIsNotWrittenTo() throws Exception {
    // when
    said("echo evil > /bin/true; rm /bin/id; ls /bin > /direktiv-data/list");

    // then
    assertThat(Files.isSymbolicLink(fixture.folder().resolve("image/bin/true"))).isTrue();
    assertThat(said("true && id -u")).isEqualTo("0\n");
  }

  @Test
  void aSetUidProgramGivesNothing() throws Exception {
    assertThat(
            said(
                "cp=/tmp/b; cat /bin/busybox > $cp; chmod 4755 $cp;"
                    + " grep NoNewPrivs /proc/self/status; $cp id -u"))
        .contains("NoNewPrivs:\t1");
  }

  @Test
  void aForkBombStaysInItsSandbox() throws Exception {
    // when a bomb has gone off beside it, and a sandbox may have 64 processes
    String said = said("for i in $(seq 200); do sleep 30 & done; ls -d /proc/[0-9]* | wc -l");

    // then
    assertThat(said).contains("can't fork: Resource temporarily unavailable");
    assertThat(said("echo alive")).isEqualTo("alive\n");
  }

  @Test
  void anOutputBombDoesNotFillThisProcess() throws Exception {
    // given
    long[] lines = new long[1];

    // when
    SandboxEnd end =
        fixture
            .runtime()
            .run(OciFixture.sandbox("yes | head -c 268435456", LIMITS), _ -> lines[0]++);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(lines[0]).isEqualTo(268_435_456 / 2);
  }

  @Test
  void rawSocketsAreRefused() throws Exception {
    assertThat(said("ping -c 1 127.0.0.1")).contains("permission denied");
  }

  @Test
  void thisMachinesLoopbackIsNotTheSandboxs() throws Exception {
    try (java.net.ServerSocket server =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertThat(said("nc -w 2 127.0.0.1 " + server.getLocalPort() + " < /dev/null"))
          .contains("Connection refused");
    }
  }

  @Test
  void nothingIsLeftOfManySandboxes() throws Exception {
    // when
    for (int i = 0; i < 5; i++) {
      said("echo " + i + " > /tmp/x");
    }

    // then
    fixture.awaitNothingLeft();
    assertThat(Path.of("/proc/mounts")).content().doesNotContain(fixture.folder().toString());
  }
}
