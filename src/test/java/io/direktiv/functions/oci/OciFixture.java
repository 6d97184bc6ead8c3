package io.direktiv.functions.oci;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A runtime on a real `runc` or `crun` and an image of a static busybox, unpacked.
final class OciFixture implements AutoCloseable {
  private static final String APPLETS =
      "cat chmod chown cp dd echo env grep head id ip kill ln ls mkdir mkfifo mknod mount nc nsenter"
          + " mv ping printf ps rm sed seq sh sleep stat su tee tr true truncate umount unshare wc wget"
          + " yes";

  private static final List<String> TOOLS = List.of("runc", "crun");
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final Path folder;
  private final OciRuntime runtime;

  private OciFixture(Path folder, OciRuntime runtime) {
    this.folder = folder;
    this.runtime = runtime;
  }

  /// Starts a runtime with a short grace period.
  static OciFixture start() throws IOException {
    return start(new OciRuntime.Ahead(0, Duration.ofMinutes(1)));
  }

  /// The same with sandboxes that are made ahead.
  static OciFixture start(OciRuntime.Ahead ahead) throws IOException {
    return start(ahead, "");
  }

  /// The programs that make sandboxes: those that are here, and for root also those that should be.
  static Stream<String> tools() {
    return TOOLS.stream().filter(tool -> OciRuntime.isRoot() || isHere(tool));
  }

  /// Starts a runtime that makes its sandboxes with `tool`.
  static OciFixture with(String tool) throws IOException {
    require(isHere(tool), tool + " is not installed");
    return start(new OciRuntime.Ahead(0, Duration.ofMinutes(1)), tool).working();
  }

  private static OciFixture start(OciRuntime.Ahead ahead, String tool) throws IOException {
    require(OciRuntime.isRoot() || isHere("unshare"), "util-linux is not installed");
    require(isHere("runc") || isHere("crun"), "neither runc nor crun is installed");
    require(Files.isExecutable(BUSYBOX), "no static busybox is installed");
    Path folder = Files.createTempDirectory("oci-test");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    // As the data folder of a server, below which it is.
    Path disks = Files.createDirectory(folder.resolve("disks"));
    Files.setPosixFilePermissions(disks, PosixFilePermissions.fromString("rwx------"));
    Path image = folder.resolve("image");
    unpack(image);
    OciRuntime runtime =
        new OciRuntime(
            (sandbox, _) -> root(image, sandbox),
            places(folder),
            Map.of("PATH", hiding(folder.resolve("hidden"), tool)),
            ahead,
            Duration.ofMillis(500),
            List::of);
    return new OciFixture(folder, runtime);
  }

  /// A folder in which every program that makes sandboxes, but `tool`, is one that cannot.
  private static String hiding(Path folder, String tool) throws IOException {
    Files.createDirectories(folder);
    for (String other : TOOLS) {
      if (!tool.isEmpty() && !other.equals(tool)) {
        Path program = Files.writeString(folder.resolve(other), "#!/bin/false\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    return folder.toString();
  }

  /// Skips the tests, and says why, where this machine cannot carry them.
  static void require(boolean isSo, String otherwise) {
    assumeTrue(isSo, otherwise);
  }

  static boolean isHere(String program) {
    return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static OciRuntime.Places places(Path folder) {
    return new OciRuntime.Places(
        folder.resolve("run"), folder.resolve("disks"), folder.getFileName().toString());
  }

  private static Root root(Path image, Sandbox sandbox) throws SandboxException {
    if (!sandbox.image().startsWith("direktiv/")) {
      throw new SandboxException(
          Codes.FUNCTION_IMAGE, "image " + sandbox.image() + " connection refused; load the image");
    }
    return new TestRoot(image, process(sandbox.image()));
  }

  private static void unpack(Path image) throws IOException {
    Files.createDirectories(image.resolve("bin"));
    Files.createDirectories(image.resolve("tmp"));
    Files.setPosixFilePermissions(
        image.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Path busybox = image.resolve("bin/busybox");
    Files.copy(BUSYBOX, busybox);
    Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String applet : APPLETS.split(" ")) {
      Files.createSymbolicLink(image.resolve("bin/" + applet), Path.of("busybox"));
    }
    if (OciRuntime.isRoot()) {
      try (Stream<Path> all = Files.walk(image)) {
        for (Path each : all.toList()) {
          give(each);
        }
      }
    }
  }

  /// Makes the root of sandboxes the owner of `path`.
  private static void give(Path path) throws IOException {
    new RootRights(OciRuntime.OWNER, new ControlGroup("/direktiv/test")).give(path);
  }

  /// What runs in `image`: a shell, as root or as 1000 (`direktiv/user:v1`), in another folder
  /// (`direktiv/at:FOLDER`), another program (`direktiv/entry:PROGRAM`), or what says that it
  /// serves (`direktiv/server:v1`).
  private static Root.ImageProcess process(String image) {
    String after = image.substring(image.indexOf(':') + 1);
    boolean isEntry = image.startsWith("direktiv/entry:");
    return new Root.ImageProcess(
        isEntry ? List.of(after) : List.of("/bin/sh", "-c"),
        List.of("true"),
        List.of("PATH=/bin"),
        image.contains("user") ? "1000" : "",
        image.startsWith("direktiv/at:") ? after : "",
        image.contains("server") ? Set.of("8080/tcp") : Set.of());
  }

  private record TestRoot(Path folder, ImageProcess process) implements Root {
    @Override
    public void close() {
      // The folder goes with the fixture.
    }
  }

  /// Skips the tests where nothing here can make sandboxes, as in many containers.
  OciFixture working() throws IOException {
    Optional<String> missing = runtime.missing();
    if (missing.isPresent()) {
      close();
    }
    require(missing.isEmpty(), missing.orElse(""));
    return this;
  }

  /// A sandbox of that name that waits for its start; the caller removes it.
  MadeSandbox made(Sandbox sandbox) throws IOException, SandboxException {
    Root root = root(folder.resolve("image"), sandbox);
    return MadeSandbox.make(runtime.machine(), sandbox, root);
  }

  OciRuntime runtime() {
    return runtime;
  }

  Path folder() {
    return folder;
  }

  /// Adds a program to the image; of no use to sandboxes that run already.
  Path addToImage(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("image").resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (OciRuntime.isRoot()) {
      give(file);
    }
    return file;
  }

  /// Limits that are usual in these tests.
  static SandboxLimits limits(SandboxLimits.Network network) {
    return new SandboxLimits(1, 64L << 20, 64, 256, 32L << 20, 0, Duration.ofMinutes(1), network);
  }

  static Sandbox sandbox(String script, SandboxLimits limits) {
    return sandbox("direktiv/shell:v1", script, limits);
  }

  static Sandbox sandbox(String image, String script, SandboxLimits limits) {
    return new Sandbox(
        "direktiv-test-" + UUID.randomUUID(),
        "test",
        image,
        List.of(script),
        Map.of(),
        Map.of(),
        Map.of("data.out", 1 << 20),
        limits,
        Optional.empty(),
        0);
  }

  /// What `script` writes to stdout and stderr before it ends or is ended.
  String said(String script, SandboxLimits limits) throws SandboxException {
    return said(sandbox("{ " + script + "\n} > /direktiv-data/data.out 2>&1", limits));
  }

  /// What a sandbox leaves in `data.out`.
  String said(Sandbox sandbox) throws SandboxException {
    SandboxEnd end = runtime.run(sandbox, _ -> {});
    return end.files().get("data.out") instanceof SandboxFile.Content(byte[] bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : end.exit().toString();
  }

  /// A sandbox that runs beside others until this is closed.
  final class Running implements AutoCloseable {
    private final Sandbox sandbox;
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final CompletableFuture<SandboxEnd> end = new CompletableFuture<>();

    private Running(Sandbox sandbox) {
      this.sandbox = sandbox;
    }

    private void run() {
      try {
        end.complete(runtime.run(sandbox, line -> first.complete(line.text())));
      } catch (SandboxException | RuntimeException e) {
        end.completeExceptionally(e);
        first.completeExceptionally(e);
      }
    }

    Sandbox sandbox() {
      return sandbox;
    }

    /// The first line that it printed; waits for it.
    String firstLine() throws Exception {
      return first.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      runtime.kill(sandbox.id());
      end.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  /// Starts a sandbox and lets it run.
  Running running(Sandbox sandbox) {
    Running running = new Running(sandbox);
    Thread.ofVirtual().start(running::run);
    return running;
  }

  /// Blocks until the removal of ended sandboxes is done.
  void awaitNothingLeft() throws IOException, InterruptedException {
    while (true) {
      try (Stream<Path> left = Files.list(folder.resolve("run/sandboxes"))) {
        if (left.findAny().isEmpty()) {
          return;
        }
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() throws IOException {
    runtime.close();
    Workspace.delete(folder);
  }
}
