package io.direktiv.functions.oci;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What sandboxes reach whose network is `egress`, with root: [RootEgress] by a process in a
/// network of its own, where it may be sure of what is there and change the rules of the machine.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class EgressTest {
  /// A machine with two addresses of each kind, and the world behind it, whose only host also has
  /// the addresses at which clouds keep credentials.
  private static final String NETWORK =
      """
      set -e
      echo 0 > /proc/sys/net/ipv4/ip_forward
      echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
      ip link set lo up
      unshare --net sleep 600 & world=$!
      trap 'kill $world' EXIT
      while [ "$(readlink /proc/$world/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
      ip -batch - <<.
      link add eth0 type veth peer name eth0 netns $world
      addr add 198.51.100.1/24 dev eth0
      addr add 2001:db8::1/64 dev eth0 nodad
      link set eth0 up
      link add br0 type bridge
      addr add 203.0.113.1/24 dev br0
      link set br0 up
      route add default via 198.51.100.2
      route add default via 2001:db8::2
      .
      nsenter -t $world -n ip -batch - <<.
      addr add 198.51.100.2/24 dev eth0
      addr add 169.254.169.254/32 dev eth0
      addr add 2001:db8::2/64 dev eth0 nodad
      addr add fd00:ec2::254/128 dev eth0 nodad
      link set eth0 up
      link set lo up
      .
      nsenter -t $world -n busybox nc -ll -p 7000 -e echo hello & server=$!
      trap 'kill $world $server' EXIT
      "$@"
      """;

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> withRootABridgeAndRules() throws Exception {
    OciFixture.require(OciRuntime.isRoot(), "only root has a bridge and rules");
    for (String program : List.of("nft", "ip", "unshare", "nsenter", "busybox")) {
      OciFixture.require(OciFixture.isHere(program), program + " is not installed");
    }
    // The root of sandboxes enters what lies below.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path tmp = Files.createDirectory(folder.resolve("tmp"));
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwx--x--x"));
    List<String> prefix = List.of("unshare", "--net", "sh", "-c", NETWORK, "sh");
    return new ChildTests(folder, prefix, Map.of(), System.getProperty("java.class.path"))
        .run(List.of(RootEgress.class));
  }
}
