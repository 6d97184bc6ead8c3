package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What sandboxes of another user than root reach with the network `egress`. [RootlessTest] runs
/// this in a network of its own, whose only other host also has the address at which clouds keep
/// credentials.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UserEgress {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(1, 64L << 20, 64, 256, 32L << 20, 0, Duration.ofMinutes(1), Network.EGRESS);
  private static final String WORLD = "198.51.100.2";
  private static final String METADATA = "169.254.169.254";

  /// This machine's address towards the world, another one, and its loopback.
  private static final List<String> OWN = List.of("198.51.100.1", "203.0.113.1", "127.0.0.1");

  /// Stays open until the other side closes: pasta of 2023 hangs when a connection's ends are
  /// closed one after the other, ours first.
  private static final String TALK = "sleep 1 | nc -w 3 %s %d; echo \"code $?\";";

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

  private static String said(String script) throws Exception {
    return fixture.said(script, LIMITS);
  }

  private static void requireReached(String host, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 20_000);
    }
  }

  @Test
  void theWorldIsReached() throws Exception {
    assertThat(said(TALK.formatted(WORLD, 7000))).isEqualTo("hello\ncode 0\n");
  }

  @Test
  void theWorldIsReachedByAnotherUserThanTheImagesRoot() throws Exception {
    // given
    String script = "{ id -u; " + TALK.formatted(WORLD, 7000) + " } > /direktiv-data/data.out 2>&1";
    Sandbox sandbox = OciFixture.sandbox("direktiv/user:v1", script, LIMITS);

    // then
    assertThat(fixture.said(sandbox)).endsWith("hello\ncode 0\n");
  }

  @Test
  void theAddressWhereCloudsKeepCredentialsIsNot() throws Exception {
    // given an address that this machine itself reaches
    requireReached(METADATA, 7000);

    // then
    assertThat(said(TALK.formatted(METADATA, 7000))).doesNotContain("hello").contains("code 1");
  }

  @Test
  void whatListensOnThisMachineIsNotUnderAnyOfItsAddresses() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getByName("0.0.0.0"))) {
      // given
      int port = server.getLocalPort();
      StringBuilder script = new StringBuilder();
      for (String address : OWN) {
        requireReached(address, port);
        script.append(TALK.formatted(address, port));
      }
      script.append("gw=$(ip route | grep default); set -- $gw; nc -w 3 $3 " + port);
      script.append(" < /dev/null; echo \"code $?\"");

      // then
      assertThat(said(script.toString()).lines().filter("code 1"::equals)).hasSize(4);
    }
  }

  @Test
  void ipVersion6LeadsNowhere() throws Exception {
    assertThat(said("ip -6 -o route show default; ip -6 -o addr show scope global")).isEmpty();
  }

  @Test
  void theNetworkCannotBeChangedFromInside() throws Exception {
    assertThat(
            said(
                "ip route del default; ip route del blackhole 169.254.0.0/16;"
                    + " ip addr add 10.0.0.1/8 dev eth0; ip link set eth0 down"))
        .contains("Operation not permitted")
        .doesNotContain("applet not found");
    assertThat(said("ip route")).contains("blackhole 169.254.0.0/16");
  }

  @Test
  void nothingIsLeftWhenASandboxHasEnded() throws Exception {
    // when
    said("true");
    fixture.awaitNothingLeft();

    // then
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process ->
            process
                .info()
                .commandLine()
                .filter(line -> line.contains(fixture.folder() + "/run"))
                .isPresent());
  }
}
