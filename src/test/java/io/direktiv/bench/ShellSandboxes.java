package io.direktiv.bench;

import io.direktiv.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Sandboxes that a shell makes with plain `runc`, from the bundle of a sandbox that a server
/// holds: an overlay over the same image, an address behind a bridge, a control group, the same
/// process.
final class ShellSandboxes implements AutoCloseable {
  private static final Path SERVERS = Path.of("/run/direktiv");
  private static final String BRIDGE = "dktbench";
  private static final int LOOKS_MAX = 200;

  private final Path scripts;
  private final Path run;
  private final Map<String, String> variables;
  private final AtomicInteger next = new AtomicInteger();

  private ShellSandboxes(Path scripts, Path run, Map<String, String> variables) {
    this.scripts = scripts;
    this.run = run;
    this.variables = variables;
  }

  /// Takes the bundle of the sandbox whose process is `held`, and lets it run `script`.
  static ShellSandboxes ofHeld(String held, String script, String input) throws Exception {
    Path bundle = bundle(held);
    Path scripts = BenchServer.newFolder();
    Path run = Files.createTempDirectory(Path.of("/run"), "direktiv-bench");
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx--x--x"));
    String config = Files.readString(bundle.resolve("config.json"));
    String id = bundle.getFileName().toString();
    String disk = match(config, "\"source\":\"([^\"]*)/data\"");
    Files.writeString(
        scripts.resolve("config.template"),
        config
            .replace(disk, "@DISK@")
            .replace(bundle.toString(), "@BUNDLE@")
            .replace(id, "@ID@")
            .replace(Json.of(held).toString(), Json.of(script).toString())
            .replaceFirst(
                "\\{",
                "{\"hooks\":{\"createRuntime\":[{\"path\":\""
                    + scripts.resolve("network")
                    + "\"}]},"));
    for (String file : List.of("hosts", "resolv.conf")) {
      Files.copy(bundle.resolve(file), scripts.resolve(file));
    }
    for (Map.Entry<String, String> each : SCRIPTS.entrySet()) {
      Path file = scripts.resolve(each.getKey());
      Files.writeString(file, each.getValue().replace("@BRIDGE@", BRIDGE));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    ShellSandboxes shell =
        new ShellSandboxes(
            scripts,
            run,
            Map.of(
                "SCRIPTS", scripts.toString(),
                "RUN", run.toString(),
                "LOWER", lower(bundle.resolve("root")),
                "OWNER", match(config, "\"hostID\":(\\d+)"),
                "INPUT", input));
    shell.call("bridge");
    return shell;
  }

  private static Path bundle(String held) throws Exception {
    for (int i = 0; i < LOOKS_MAX; i++) {
      Optional<Path> found = find(held);
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(50);
    }
    throw new IOException("no sandbox runs " + held + " below " + SERVERS);
  }

  private static Optional<Path> find(String held) throws IOException {
    try (Stream<Path> files = Files.find(SERVERS, 4, (file, _) -> file.endsWith("config.json"))) {
      return files
          .filter(file -> holds(file, Json.of(held).toString()))
          .filter(file -> Files.exists(file.resolveSibling("pid")))
          .map(Path::getParent)
          .findFirst();
    } catch (UncheckedIOException _) {
      return Optional.empty();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException _) {
      return false;
    }
  }

  private static String match(String text, String pattern) throws IOException {
    return java.util.regex.Pattern.compile(pattern)
        .matcher(text)
        .results()
        .findFirst()
        .orElseThrow(() -> new IOException("no " + pattern + " in " + text))
        .group(1);
  }

  /// Over which folder the overlay at `root` is mounted.
  private static String lower(Path root) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
      if (line.contains(" " + root + " ")) {
        return match(line, "lowerdir=([^,]*)");
      }
    }
    throw new IOException(root + " is no mount");
  }

  private void call(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(scripts.resolve(script).toString()));
    command.addAll(List.of(arguments));
    Path log = scripts.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(variables);
    if (builder.start().waitFor() != 0) {
      throw new IOException(command + " failed: " + Files.readString(log, StandardCharsets.UTF_8));
    }
  }

  private double one() throws IOException, InterruptedException {
    long start = System.nanoTime();
    call("run", Integer.toString(next.incrementAndGet()));
    return (System.nanoTime() - start) / 1e6;
  }

  /// Runs `count` sandboxes one after the other, from nothing to nothing.
  Sample run(int count) throws IOException, InterruptedException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = one();
    }
    return Sample.of(millis);
  }

  /// Starts `count` sandboxes that were made before; each from the start to its end.
  Sample startPrepared(int count) throws IOException, InterruptedException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      String id = Integer.toString(next.incrementAndGet());
      call("create", id);
      long start = System.nanoTime();
      call("start", id);
      millis[i] = (System.nanoTime() - start) / 1e6;
      call("remove", id);
    }
    return Sample.of(millis);
  }

  /// Sandboxes per second with so many at a time.
  double perSecond(int atOnce, Duration duration) throws Exception {
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      work.add(() -> {
        int count = 0;
        while (System.nanoTime() < end) {
          one();
          count++;
        }
        return count;
      });
    }
    int all = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
      for (Future<Integer> worker : threads.invokeAll(work)) {
        all += worker.get();
      }
    }
    return all / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() throws IOException {
    try {
      call("unbridge");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (Path folder : List.of(run, scripts)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static final String FOLDERS =
      """
      #!/bin/sh
      set -e
      b=$RUN/$1 d=$SCRIPTS/disk-$1
      """;

  private static final String MAKE =
      FOLDERS
          + """
          mkdir -p $b/root $d/upper $d/work $d/data
          chown $OWNER:$OWNER $d/upper $d/work $d/data
          chmod 777 $d/data
          cp $SCRIPTS/hosts $SCRIPTS/resolv.conf $b
          mount -t overlay overlay -o lowerdir=$LOWER,upperdir=$d/upper,workdir=$d/work $b/root
          sed "s|@BUNDLE@|$b|g; s|@DISK@|$d|g; s|@ID@|bench-$1|g" \
              $SCRIPTS/config.template > $b/config.json
          printf %s "$INPUT" > $d/data/data.in
          """;

  private static final String REMOVE =
      """
      umount $b/root
      rm -r $b $d
      """;

  private static final Map<String, String> SCRIPTS =
      Map.of(
          "run",
          MAKE
              + """
              runc --root $RUN/state run --bundle $b bench-$1 </dev/null >/dev/null
              grep -q Alan $d/data/data.out
              """
              + REMOVE,
          "create",
          MAKE
              + """
              mkfifo $b/out
              exec 3<>$b/out
              runc --root $RUN/state create --bundle $b bench-$1 </dev/null >$b/out 2>&1
              exec 3<&-
              """,
          "start",
          FOLDERS
              + """
              exec 4<>$b/out 5<$b/out 4<&-
              runc --root $RUN/state start bench-$1
              cat <&5
              grep -q Alan $d/data/data.out
              """,
          "remove",
          FOLDERS + "runc --root $RUN/state delete --force bench-$1\n" + REMOVE,
          "network",
          """
          #!/bin/sh
          set -e
          state=$(cat)
          pid=${state##*\\"pid\\":} pid=${pid%%,*}
          n=${state##*bench-} n=${n%%[!0-9]*}
          ip -batch - <<X
          link add b${pid}h type veth peer name eth0 netns $pid
          link set b${pid}h master @BRIDGE@
          link set b${pid}h type bridge_slave isolated on
          link set b${pid}h up
          X
          nsenter --net=/proc/$pid/ns/net ip -batch - <<X
          addr add 10.80.$((n / 250)).$((n % 250 + 2))/16 dev eth0
          link set eth0 up
          route add default via 10.80.0.1
          X
          """,
          "bridge",
          """
          #!/bin/sh
          set -e
          ip link add @BRIDGE@ type bridge
          ip addr add 10.80.0.1/16 dev @BRIDGE@
          ip link set @BRIDGE@ up
          """,
          "unbridge",
          """
          #!/bin/sh
          ip link del @BRIDGE@
          """);
}
