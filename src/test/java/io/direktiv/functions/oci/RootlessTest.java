package io.direktiv.functions.oci;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The runtime `oci` without root: the tests of a sandbox, run by a process of the user `nobody`.
///
/// That process is in a network of its own, so that it may be sure of what is there: a host with
/// two addresses, and behind it the world with one other host.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RootlessTest {
  private static final int NOBODY = 65_534;
  private static final String NETWORK =
      """
      set -e
      ip link set lo up
      unshare --net busybox nc -ll -p 7000 -e echo hello & world=$!
      trap 'kill $world' EXIT
      while [ "$(readlink /proc/$world/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
      ip link add eth0 type veth peer name eth0 netns $world
      ip addr add 198.51.100.1/24 dev eth0
      ip link set eth0 up
      ip link add br0 type bridge
      ip addr add 203.0.113.1/24 dev br0
      ip link set br0 up
      ip route add default via 198.51.100.2
      nsenter -t $world -n ip -batch - <<'.'
      addr add 198.51.100.2/24 dev eth0
      addr add 169.254.169.254/32 dev eth0
      link set eth0 up
      link set lo up
      .
      for program in $HIDDEN; do mount --bind /dev/null "$program"; done
      "$@"
      """;

  private static final List<Class<?>> TESTS =
      List.of(
          OciRuntimeTest.class,
          EscapeTest.class,
          SystemCallsTest.class,
          UserEgress.class,
          ServedFunctionsTest.class);

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> withCrunAndSlirp4netns() throws Exception {
    require("crun");
    require("slirp4netns");
    return asNobody("runc pasta");
  }

  @TestFactory
  Stream<DynamicTest> withRuncAndPasta() throws Exception {
    require("runc");
    require("pasta");
    return asNobody("crun slirp4netns");
  }

  private static void require(String program) {
    assumeTrue(OciRuntime.isRoot(), "only root can be another user");
    for (String each : List.of(program, "setpriv", "unshare", "ip", "busybox")) {
      assumeTrue(OciFixture.isHere(each), each + " is not installed");
    }
  }

  private Stream<DynamicTest> asNobody(String hidden) throws Exception {
    List<String> prefix = new ArrayList<>();
    prefix.addAll(List.of("unshare", "--net", "--mount", "sh", "-c", NETWORK, "sh"));
    prefix.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    return new ChildTests(folder, prefix, Map.of("HIDDEN", paths(hidden)), readableByAll())
        .run(TESTS);
  }

  private static String paths(String programs) {
    return Stream.of(programs.split(" "))
        .filter(name -> !name.isEmpty())
        .flatMap(name ->
            Stream.of("/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/")
                .map(where -> where + name))
        .filter(path -> Files.exists(Path.of(path)))
        .reduce("", (one, other) -> one + " " + other);
  }

  /// The class path of this process, copied to where everybody may read it.
  private String readableByAll() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path tmp = Files.createDirectory(folder.resolve("tmp"));
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path from = Path.of(entry);
      if (!Files.exists(from)) {
        continue;
      }
      Path to = folder.resolve(copies.size() + "-" + from.getFileName());
      copy(from, to);
      copies.add(to.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        Files.copy(each, copy);
        boolean isFolder = Files.isDirectory(copy);
        Files.setPosixFilePermissions(
            copy, PosixFilePermissions.fromString(isFolder ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }
}
