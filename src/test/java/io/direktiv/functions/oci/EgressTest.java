package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What sandboxes with the network `egress` reach and what not. The world is a network namespace
/// with a host of its own, which also has the address at which clouds keep credentials.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EgressTest {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(1, 64L << 20, 64, 256, 32L << 20, 0, Duration.ofMinutes(1), Network.EGRESS);
  private static final String WORLD = "198.51.100.2";
  private static final String METADATA = "169.254.169.254";
  private static final String TALK = "nc -w 3 %s %d < /dev/null; echo \"code $?\"";
  private static OciFixture fixture;
  private static Process world;

  @BeforeAll
  static void start() throws Exception {
    OciFixture.require(OciFixture.isHere("nft"), "nftables is not installed");
    OciFixture.require(OciFixture.isHere("ip"), "iproute2 is not installed");
    fixture = OciFixture.start();
    removeWorld();
    sh("ip netns add dktworld");
    sh("ip link add dktworld type veth peer name eth0 netns dktworld");
    sh("ip addr add 198.51.100.1/24 dev dktworld && ip link set dktworld up");
    sh("ip -n dktworld addr add 198.51.100.2/24 dev eth0");
    sh("ip -n dktworld addr add 169.254.169.254/32 dev eth0");
    sh("ip -n dktworld link set eth0 up && ip -n dktworld link set lo up");
    sh("ip route add 169.254.169.254/32 via 198.51.100.2");
    world =
        new ProcessBuilder("ip netns exec dktworld busybox nc -ll -p 7000 -e echo hello".split(" "))
            .redirectErrorStream(true)
            .start();
    // The world answers from this machine: what a sandbox does not reach is refused, not absent.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!ask(METADATA).contains("hello") || !ask(WORLD).contains("hello")) {
      assertThat(System.nanoTime()).as("the world does not answer").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static String ask(String host) throws Exception {
    return sh("busybox nc -w 3 " + host + " 7000 < /dev/null || true");
  }

  private static String sh(String script) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", script, said).isZero();
    return said;
  }

  private static void removeWorld() throws IOException, InterruptedException {
    sh("ip link del dktworld 2> /dev/null; ip netns del dktworld 2> /dev/null; true");
  }

  @AfterAll
  static void stop() throws Exception {
    if (world != null) {
      world.destroyForcibly();
    }
    if (fixture != null) {
      removeWorld();
      fixture.close();
    }
  }

  private static String said(String script) throws Exception {
    return fixture.said(script, LIMITS);
  }

  @Test
  void theWorldIsReached() throws Exception {
    assertThat(said(TALK.formatted(WORLD, 7000))).isEqualTo("hello\ncode 0\n");
  }

  @Test
  void theAddressWhereCloudsKeepCredentialsIsNot() throws Exception {
    assertThat(said(TALK.formatted(METADATA, 7000))).doesNotContain("hello").contains("code 1");
  }

  @Test
  void whatListensOnThisMachineIsNotUnderAnyOfItsAddresses() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      // given a server that this machine itself reaches
      server.setSoTimeout(5_000);
      int port = server.getLocalPort();

      // when
      String said =
          said(
              "gw=$(ip route | grep default); set -- $gw; "
                  + TALK.formatted("$3", port)
                  + "; "
                  + TALK.formatted("198.51.100.1", port)
                  + "; "
                  + TALK.formatted("127.0.0.1", port));

      // then
      assertThat(said.lines().filter(line -> line.equals("code 1"))).hasSize(3);
    }
  }

  @Test
  void anotherSandboxIsNot() throws Exception {
    // given a sandbox that listens
    Sandbox listener =
        OciFixture.sandbox("ip -o -4 addr show dev eth0; nc -l -p 7001 -e echo mine", LIMITS);
    CompletableFuture<String> address = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            fixture.runtime().run(listener, (OutputLine line) -> address.complete(line.text()));
          } catch (Exception e) {
            address.completeExceptionally(e);
          }
        });
    String host = address.get(30, TimeUnit.SECONDS).replaceAll(".*inet ([0-9.]+)/.*", "$1");

    // when
    String said = said(TALK.formatted(host, 7001));
    fixture.runtime().stop(listener.id());

    // then
    assertThat(said).doesNotContain("mine").contains("code 1");
  }

  @Test
  void theNetworkCannotBeChangedFromInside() throws Exception {
    assertThat(said("ip route del default; ip addr add 10.0.0.1/8 dev eth0; ip link set eth0 down"))
        .contains("Operation not permitted")
        .doesNotContain("applet not found");
  }

  @Test
  void noPairIsLeftWhenASandboxHasEnded() throws Exception {
    said("true");
    fixture.awaitNothingLeft();
    assertThat(sh("ip -o link show type veth | grep -c dkt.*h@ || true").strip()).isEqualTo("0");
  }
}
