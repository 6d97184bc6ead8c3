package io.direktiv.functions.oci;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.ImageFacts;
import io.direktiv.functions.Runtime;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sandboxes that `runc` or `crun` makes on this machine, be this process root or not.
public final class OciRuntime implements Runtime {
  /// The user of this machine that a sandbox's root is, when no setting says otherwise. The
  /// [RootRights#USERS] users from here on belong to nobody: they lie above what distributions and
  /// service managers give out.
  public static final int OWNER = 1_900_544_000;

  private static final Logger LOG = LoggerFactory.getLogger(OciRuntime.class);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(20);
  private static final Duration CLOSE_LOOK = Duration.ofMillis(20);

  private final Roots roots;
  private final Machine untried;
  private final ToolFinder finder;
  private final Duration grace;
  private final Ahead ahead;
  private final Programs programs;
  private final Supplier<List<Places>> dead;
  private final Map<String, SandboxRun> runs = new ConcurrentHashMap<>();
  private final Set<String> unremoved = ConcurrentHashMap.newKeySet();
  private final ReentrantLock preparing = new ReentrantLock();
  private volatile Optional<Ready> ready = Optional.empty();
  private volatile boolean isClosed;

  /// What runs sandboxes once this machine has shown that it can.
  private record Ready(Machine machine, Prepared prepared) {}

  /// Where unpacked images come from.
  public interface Roots {
    /// The image of `sandbox`, unpacked; `output` gets what is to be said about it.
    Root provide(Sandbox sandbox, Consumer<OutputLine> output) throws SandboxException;
  }

  /// Where sandboxes live on this machine.
  ///
  /// @param bundles a folder below ones that everybody may enter, on a file system in memory if
  ///   there is one
  /// @param disks a folder for what sandboxes write
  /// @param group names the control group, the same across restarts of a server
  public record Places(Path bundles, Path disks, String group) {}

  /// How many sandboxes are made ahead of calls.
  ///
  /// @param most of all kinds together; 0 for none
  /// @param idle how long one waits for a call
  public record Ahead(int most, Duration idle) {}

  /// A runtime over images of `roots`.
  ///
  /// @param dead where processes that will not come back had their sandboxes: what is left of them
  ///   is removed
  public OciRuntime(
      Roots roots,
      Places places,
      Map<String, String> environment,
      Ahead ahead,
      Supplier<List<Places>> dead) {
    this(roots, places, environment, ahead, GRACE, dead);
  }

  /// The same with another time between asking a sandbox to end and killing it.
  OciRuntime(
      Roots roots,
      Places places,
      Map<String, String> environment,
      Ahead ahead,
      Duration grace,
      Supplier<List<Places>> dead) {
    this.roots = roots;
    Programs programs = new Programs(environment::get);
    this.finder = new ToolFinder(programs);
    this.grace = grace;
    this.ahead = ahead;
    this.dead = dead;
    this.programs = programs;
    this.untried = machine(places);
  }

  private Machine machine(Places places) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name("sandbox-", 0).factory();
    return isRoot() ? Machine.ofRoot(places, threads) : Machine.ofUser(places, programs, threads);
  }

  /// True when this process is root, whose sandboxes have users and control groups of their own.
  public static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Override
  public String name() {
    return "oci";
  }

  @Override
  public Optional<String> missing() {
    try {
      ready();
      return Optional.empty();
    } catch (SandboxException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public String describe() {
    return ready
        .map(able -> name() + " (" + able.machine().rights().describe(able.machine().tool()) + ")")
        .orElse(name());
  }

  @Override
  public ImageFacts image(Sandbox sandbox, Consumer<OutputLine> output) throws SandboxException {
    ready();
    try (Root root = roots.provide(sandbox, output)) {
      return new ImageFacts(root.folder().toString(), root.process().exposedPorts());
    }
  }

  @Override
  public void expect(Sandbox sandbox) throws SandboxException {
    Ready able = ready();
    try (Root root = roots.provide(sandbox, _ -> {})) {
      able.prepared().expect(sandbox, root);
    }
  }

  @Override
  public SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException {
    Ready able = ready();
    SandboxRun run = new SandboxRun(able.machine(), sandbox, attendant, grace);
    if (runs.putIfAbsent(sandbox.id(), run) != null) {
      throw new IllegalStateException("sandbox " + sandbox.id() + " runs already");
    }
    try {
      if (isClosed) {
        run.stop();
      }
      Root root = roots.provide(sandbox, attendant::line);
      unremoved.add(sandbox.id());
      Prepared.Visit visit = able.prepared().enter(sandbox, root);
      try {
        return run.perform(root, visit.made(), () -> unremoved.remove(sandbox.id()));
      } finally {
        visit.end();
      }
    } finally {
      runs.remove(sandbox.id());
    }
  }

  /// This machine, swept and with a tool that was tried; tried again at each call until one works.
  private Ready ready() throws SandboxException {
    if (ready.isEmpty()) {
      preparing.lock();
      try {
        if (ready.isEmpty()) {
          Machine machine = prepare();
          ready = Optional.of(new Ready(machine, new Prepared(machine, roots, ahead)));
        }
      } finally {
        preparing.unlock();
      }
    }
    return ready.get();
  }

  private Machine prepare() throws SandboxException {
    try {
      makeFolders(untried);
      Linux.adoptOrphans();
      new Sweeper(untried).sweep();
      for (Places places : dead.get()) {
        Machine gone = machine(places);
        makeFolders(gone);
        new Sweeper(gone).sweep();
        release(gone);
      }
    } catch (IOException e) {
      throw unavailable("this machine cannot carry sandboxes: " + e.getMessage());
    }
    return switch (finder.find(untried)) {
      case ToolFinder.Found.Working(Tool tool) -> {
        LOG.atDebug().addKeyValue("tool", tool.name()).log("sandboxes can be made");
        yield untried.with(tool);
      }
      case ToolFinder.Found.Nothing(String reason) -> throw unavailable(reason);
    };
  }

  /// What sandboxes are made on.
  Machine machine() throws SandboxException {
    return ready().machine();
  }

  /// How many sandboxes wait for a call.
  int ahead() {
    return ready.map(able -> able.prepared().count()).orElse(0);
  }

  private static void makeFolders(Machine machine) throws IOException {
    for (Path folder : List.of(machine.bundles(), machine.tool().state(), machine.disks())) {
      try {
        Files.createDirectories(folder);
      } catch (FileSystemException e) {
        throw new IOException("the folder " + folder + " cannot be made: " + why(e), e);
      }
    }
    for (Path folder : List.of(machine.bundles().getParent(), machine.bundles())) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }
  }

  private static String why(FileSystemException e) {
    String reason = e instanceof AccessDeniedException ? "permission denied" : e.getReason();
    return e.getFile() + (reason == null ? "" : ": " + reason);
  }

  /// Takes away what all sandboxes of `machine` shared; none is left.
  private static void release(Machine machine) throws IOException {
    machine.networks().close();
    machine.rights().close();
    Workspace.delete(machine.bundles().getParent());
    Workspace.delete(machine.disks());
  }

  private static SandboxException unavailable(String reason) {
    return new SandboxException(Codes.FUNCTION_UNAVAILABLE, reason);
  }

  @Override
  public void stop(String sandboxId) {
    SandboxRun run = runs.get(sandboxId);
    if (run != null) {
      run.stop();
    }
  }

  @Override
  public void kill(String sandboxId) {
    SandboxRun run = runs.get(sandboxId);
    if (run != null) {
      run.kill();
    }
  }

  @Override
  public void close() {
    isClosed = true;
    runs.values().forEach(SandboxRun::kill);
    ready.ifPresent(able -> able.prepared().close());
    long deadline = System.nanoTime() + CLOSE_TIME.toNanos();
    try {
      while (!(runs.isEmpty() && unremoved.isEmpty()) && System.nanoTime() < deadline) {
        Thread.sleep(CLOSE_LOOK);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!unremoved.isEmpty()) {
      LOG.warn("sandboxes could not be removed in time; the next start does");
      return;
    }
    try {
      release(untried);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("something of sandboxes is left until the next start");
    }
  }
}
