package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import io.direktiv.functions.oci.network.Networks;
import io.direktiv.functions.reach.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What sandboxes of root reach with the network `egress`. [EgressTest] runs this in a network of
/// its own and says what is there.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RootEgress {
  private static final SandboxLimits LIMITS = OciFixture.limits(Network.EGRESS);
  private static final String WORLD = "198.51.100.2";

  /// The addresses at which clouds keep credentials.
  private static final List<String> METADATA = List.of("169.254.169.254", "fd00:ec2::254");

  /// This machine's addresses.
  private static final List<String> OWN =
      List.of("198.51.100.1", "203.0.113.1", "2001:db8::1", "127.0.0.1", "::1");

  private static final String TALK = "nc -w 1 %s %d < /dev/null; echo \"code $?\";";
  private static final String REFUSED = ": Connection refused\ncode 1\n";
  private static OciFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = OciFixture.start().working();
    // The world answers from this machine: what a sandbox does not reach is refused, not absent.
    for (String host : METADATA) {
      requireReached(host, 7000);
    }
    requireReached(WORLD, 7000);
    // The bridge and its rules are made with the first sandbox that wants them.
    assertThat(said("true")).isEmpty();
  }

  @AfterAll
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static void requireReached(String host, int port) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), 2_000);
        return;
      } catch (IOException e) {
        assertThat(System.nanoTime()).as("%s: %s", host, e).isLessThan(deadline);
        Thread.sleep(20);
      }
    }
  }

  private static void requireReachedInside(String id, int port) throws Exception {
    Path pid = fixture.folder().resolve("run/sandboxes/" + id + "/pid");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try (NetworkNamespace network =
        NetworkNamespace.of(Long.parseLong(Files.readString(pid).strip()))) {
      while (true) {
        try (SocketChannel _ = network.connect(port)) {
          return;
        } catch (IOException e) {
          assertThat(System.nanoTime()).as("%s: %s", id, e).isLessThan(deadline);
          Thread.sleep(20);
        }
      }
    }
  }

  private static String said(String script) throws Exception {
    return fixture.said(script, LIMITS);
  }

  private static String sh(String script) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", script, said).isZero();
    return said;
  }

  /// The name of the only bridge that a server made here.
  private static String bridge() throws Exception {
    return sh("ip -o link show type bridge | grep -o 'dkt[0-9a-f]*' | head -1").strip();
  }

  @Test
  void theWorldIsReached() throws Exception {
    assertThat(said(TALK.formatted(WORLD, 7000))).isEqualTo("hello\ncode 0\n");
  }

  /// A link that does not carry yet loses the first packet, which comes again after a second.
  @Test
  void theFirstPacketOfASandboxArrives() throws Exception {
    for (int i = 0; i < 40; i++) {
      assertThat(said("exec nc -w 1 " + WORLD + " 7000 < /dev/null")).isEqualTo("hello\n");
    }
  }

  @Test
  void theAddressesWhereCloudsKeepCredentialsAreNot() throws Exception {
    StringBuilder script = new StringBuilder();
    METADATA.forEach(host -> script.append(TALK.formatted(host, 7000)));
    assertThat(said(script.toString())).doesNotContain("hello").contains("code 1\n");
  }

  @Test
  void ipVersion6LeadsNowhere() throws Exception {
    // given the world's address, and the bridge's own of the link
    String link =
        sh("ip -6 -o addr show scope link dev " + bridge())
            .replaceAll("(?s).*inet6 ([^/]+)/.*", "$1");
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getByName("::"))) {
      requireReached(link + "%" + bridge(), server.getLocalPort());

      // when
      String said =
          said(
              TALK.formatted("2001:db8::2", 7000)
                  + TALK.formatted(link + "%eth0", server.getLocalPort())
                  + "ip -6 -o route show default");

      // then
      assertThat(said.lines().filter("code 1"::equals)).hasSize(2);
      assertThat(said).doesNotContain("hello").doesNotContain("default");
    }
  }

  @Test
  void whatListensOnThisMachineIsNotUnderAnyOfItsAddresses() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getByName("::"))) {
      // given a server that this machine itself reaches
      int port = server.getLocalPort();
      StringBuilder script = new StringBuilder("gw=$(ip route | grep default); set -- $gw; ");
      script.append(TALK.formatted("$3", port));
      for (String address : OWN) {
        requireReached(address, port);
        script.append(TALK.formatted(address, port));
      }

      // then
      assertThat(said(script.toString()).lines().filter("code 1"::equals)).hasSize(OWN.size() + 1);
    }
  }

  @Test
  void aPortThatAnEngineLeadsOnToAContainerIsNotReachedByThisMachinesAddress() throws Exception {
    // given what Docker does for a published port, with the world as the container
    sh(
        "nft -f - <<'.'\n"
            + "table ip published {\n"
            + " chain prerouting {\n"
            + "  type nat hook prerouting priority -100;\n"
            + "  fib daddr type local tcp dport 7070 dnat to 198.51.100.2:7000\n"
            + " }\n"
            + "}\n.");
    try {
      assertThat(said(TALK.formatted("203.0.113.1", 7070))).endsWith(REFUSED);
    } finally {
      sh("nft delete table ip published");
    }
  }

  @Test
  void aFirewallThatForwardsNothingIsToldToLetSandboxesOut() throws Exception {
    // given the rules of a machine with Docker, and a container behind another bridge
    sh(
        "nft -f - <<'.'\n"
            + "table ip filter {\n"
            + " chain FORWARD {\n"
            + "  type filter hook forward priority 0; policy drop;\n"
            + "  ip daddr 198.51.100.9 counter drop\n"
            + " }\n"
            + "}\n.");
    sh("ip link add docker0 type bridge && ip addr add 172.31.0.1/24 dev docker0");
    sh(
        "ip link set docker0 up && ip netns add box && ip link add box0 type veth peer name e netns box");
    sh("ip link set box0 master docker0 up; ip -n box addr add 172.31.0.2/24 dev e");
    sh("ip -n box link set e up && ip -n box route add default via 172.31.0.1");
    Process box =
        new ProcessBuilder("ip netns exec box busybox nc -ll -p 7000 -e echo hello".split(" "))
            .start();
    try (OciFixture other = OciFixture.start().working()) {
      requireReached("172.31.0.2", 7000);

      // when
      String script = TALK.formatted(WORLD, 7000) + TALK.formatted("172.31.0.2", 7000);
      String said = other.said(script, LIMITS);

      // then
      assertThat(said).startsWith("hello\ncode 0\n").endsWith(REFUSED);
      assertThat(sh("nft list chain ip filter FORWARD")).containsPattern("iifname \"dkt\\w+\"");
    } finally {
      box.destroyForcibly();
      sh("ip netns del box; ip link del docker0");
    }
    assertThat(sh("nft list chain ip filter FORWARD"))
        .doesNotContain("dkt")
        .contains("198.51.100.9");
    sh("nft delete table ip filter");
  }

  @Test
  void rulesThatSomebodyEmptiedAreSetAgain() throws Exception {
    // given
    sh("nft flush ruleset");

    // when
    List<String> said = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    do {
      said.add(said(TALK.formatted(WORLD, 7000)));
    } while (!said.getLast().contains("hello") && System.nanoTime() < deadline);

    // then
    assertThat(said).last().isEqualTo("hello\ncode 0\n");
    assertThat(sh("nft list tables")).contains(bridge());
  }

  @Test
  void anotherSandboxIsNot() throws Exception {
    // given a sandbox that listens
    String listens = "ip -o -4 addr show dev eth0; nc -ll -p 7001 -e echo mine";
    try (var listener = fixture.running(OciFixture.sandbox(listens, LIMITS))) {
      String host = listener.firstLine().replaceAll(".*inet ([0-9.]+)/.*", "$1");
      requireReachedInside(listener.sandbox().id(), 7001);

      // then
      assertThat(said(TALK.formatted(host, 7001))).isEqualTo("nc: timed out\ncode 1\n");
    }
  }

  @Test
  void theNetworkCannotBeChangedFromInside() throws Exception {
    assertThat(
            said(
                "ip route del default; ip addr add 10.0.0.1/8 dev eth0; ip link set eth0 down;"
                    + " ip -6 route add default via fe80::1 dev eth0"))
        .contains("Operation not permitted")
        .doesNotContain("applet not found")
        .hasLineCount(4);
  }

  /// What is at both ends of the link into the network of a process, without what is a link's own.
  private static String wiring(long process, String port) throws Exception {
    String inside = "nsenter --net=/proc/" + process + "/ns/net ip -o ";
    String all =
        sh(inside + "-d link show eth0 && " + inside + "-4 addr && " + inside + "-4 route")
            + sh("ip -o -d link show " + port);
    return all.replace(port, "PORT")
        .replaceAll("(link/ether|brd|link-netns|bridge_id|designated_root) [0-9a-f.:]+", "$1")
        .replaceAll("(?m)^\\d+: ", "")
        .replaceAll("@if\\d+|link-netnsid \\d+|qlen \\d+|[\\d.]+(?=/20| scope| *$)", "")
        .replaceAll("port_(id|no) \\w+|designated_port \\d+", "")
        .replaceAll("\\d+\\.\\d\\d", "")
        .replaceAll("src [\\d.]+", "src");
  }

  @Test
  void theLinkIsTheOneThatTheProgramsMake() throws Exception {
    // given two networks
    Process ours = new ProcessBuilder("unshare", "--net", "sleep", "60").start();
    Process theirs = new ProcessBuilder("unshare", "--net", "sleep", "60").start();
    try (var networks = Networks.ofRoot("wired")) {
      for (Process each : List.of(ours, theirs)) {
        sh(
            "while [ $(readlink /proc/%1$d/ns/net) = $(readlink /proc/self/ns/net) ]; do :; done"
                .formatted(each.pid()));
      }

      // when
      var link = networks.get().attach((int) ours.pid(), fixture.folder());
      String port = "dkt" + Long.toHexString(ours.pid()) + "h";
      String bridge = sh("ip -o link show " + port).replaceAll("(?s).*master (\\w+).*", "$1");
      String gateway =
          sh("ip -o -4 addr show dev " + bridge).replaceAll("(?s).*inet ([0-9.]+)/.*", "$1");
      sh(
          """
          set -e
          ip -batch - <<.
          link add plain type veth peer name eth0 netns %1$d
          link set plain master %2$s
          link set plain type bridge_slave isolated on
          link set plain up
          .
          nsenter --net=/proc/%1$d/ns/net ip -batch - <<.
          addr add %3$s/20 dev eth0
          link set eth0 up
          route add default via %4$s
          .
          """
              .formatted(theirs.pid(), bridge, gateway.replaceAll("\\d+$", "99"), gateway));

      // then, once the kernel has seen that all of them are up
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (!wiring(ours.pid(), port).equals(wiring(theirs.pid(), "plain"))
          && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      assertThat(wiring(ours.pid(), port)).isEqualTo(wiring(theirs.pid(), "plain"));
      assertThat(wiring(ours.pid(), port)).contains("isolated on").contains("default via");
      link.close();
    } finally {
      ours.destroyForcibly();
      theirs.destroyForcibly();
    }
  }

  @Test
  void noPairIsLeftWhenASandboxHasEnded() throws Exception {
    said("true");
    fixture.awaitNothingLeft();
    // The kernel takes networks away a moment after their last process.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (sh("ip -o link show type veth").contains("dkt")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void namesAreResolvedByThisMachinesServersUnlessTheyListenOnItsLoopback() throws Exception {
    assertThat(said("cat /etc/resolv.conf").lines().filter(line -> line.startsWith("nameserver")))
        .noneMatch(line -> line.matches("nameserver (127\\..*|::1)"))
        .allMatch(Files.readString(Path.of("/etc/resolv.conf"))::contains);
  }
}
