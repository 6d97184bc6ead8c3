package io.direktiv.functions.oci;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.Exit;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.oci.disk.Disks;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one sandbox.
///
/// ```
///   perform: made, now or ahead ─▶ files in ─▶ start ─▶ await its end ─▶ files out
///   guard (beside it, from the start on): stop or deadline ─▶ TERM ─▶ grace ─▶ KILL
///   at every end: remove, off the caller's way
/// ```
///
/// The program that makes the sandbox ends before the sandbox begins, so the sandbox's first
/// process becomes a child of this process ([Linux#adoptOrphans]), which learns its exit code or
/// signal from the kernel. With the first process end all others of its process namespace.
final class SandboxRun {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxRun.class);
  private static final int TERM = 15;
  private static final int KILL = 9;
  private static final int SIGNAL_CODES = 128;
  private static final int SIGNALS_MAX = 64;

  private final Machine machine;
  private final Sandbox sandbox;
  private final Attendant attendant;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile boolean isTimedOut;
  private volatile Duration patience;

  SandboxRun(Machine machine, Sandbox sandbox, Attendant attendant, Duration grace) {
    this.machine = machine;
    this.sandbox = sandbox;
    this.attendant = attendant;
    this.patience = grace;
  }

  /// Asks the sandbox to end, and kills it after the grace period.
  void stop() {
    stopped.complete(null);
  }

  /// Ends the sandbox without grace.
  void kill() {
    patience = Duration.ZERO;
    stop();
  }

  /// Makes the sandbox over `root`, waits for its end and reads what it left. The root is closed.
  ///
  /// @param ahead one that was made before, which is removed with this
  /// @param removed is run once nothing of the sandbox is left, soon after this returns
  SandboxEnd perform(Root root, Optional<MadeSandbox> ahead, Runnable removed)
      throws SandboxException {
    if (stopped.isDone()) {
      root.close();
      remove(ahead, removed);
      return SandboxEnd.of(new Exit.Stopped());
    }
    Optional<MadeSandbox> made = ahead;
    boolean isRootUsed = false;
    try {
      Optional<SandboxEnd> end = ahead.isEmpty() ? Optional.empty() : end(ahead.get());
      if (end.isPresent()) {
        return end.get();
      }
      made = Optional.empty();
      ahead.ifPresent(_ -> remove(ahead, () -> {}));
      isRootUsed = true;
      made = Optional.of(MadeSandbox.make(machine, sandbox, root));
      start(made.get());
      return awaited(made.get());
    } catch (IOException e) {
      throw new SandboxException(
          Codes.FUNCTION_UNAVAILABLE,
          "a sandbox could not be made on this machine: " + e.getMessage());
    } finally {
      if (!isRootUsed) {
        root.close();
      }
      remove(made, removed);
    }
  }

  /// How one that was made ahead ends; empty when its process did not begin, since much may have
  /// happened to it.
  private Optional<SandboxEnd> end(MadeSandbox ahead) throws IOException {
    try {
      start(ahead);
    } catch (IOException | SandboxException e) {
      LOG.atDebug().addKeyValue("sandbox", ahead.id()).setCause(e).log("was of no use");
      return Optional.empty();
    }
    SandboxEnd end = awaited(ahead);
    return end.exit() instanceof Exit.Signalled && !ahead.hasBegun()
        ? Optional.empty()
        : Optional.of(end);
  }

  private void start(MadeSandbox made) throws IOException, SandboxException {
    made.workspace().files().put(sandbox.filesIn());
    if (stopped.isDone()) {
      made.end();
      return;
    }
    Inside inside =
        made.streams()
            .settling(
                machine.rights().inside(made.workspace().pid(), made.hold(), made.child().ended()),
                made.workspace().files());
    made.start();
    // While the process begins; what it prints until then waits in the pipes.
    made.streams().begin(attendant, machine.threads());
    // Only now, since the way into one that does not start leads nowhere.
    attendant.begun(inside);
  }

  private void remove(Optional<MadeSandbox> made, Runnable removed) {
    machine
        .threads()
        .newThread(() -> {
          made.ifPresent(MadeSandbox::remove);
          removed.run();
        })
        .start();
  }

  private SandboxEnd awaited(MadeSandbox made) throws IOException {
    Child child = made.child();
    Thread.ofVirtual().name("guard-" + sandbox.id()).start(() -> guard(child, made.hold()));
    int status = child.ended().join();
    made.streams().awaitEnd();
    Exit exit = exit(status, made.hold());
    boolean hasFiles = !(exit instanceof Exit.TimedOut);
    return new SandboxEnd(
        exit,
        Disks.isFull(made.workspace().disk()),
        hasFiles ? made.workspace().files().left(sandbox.filesOut()) : Map.of());
  }

  private void guard(Child child, Rights.Hold hold) {
    long millis = sandbox.limits().time().toMillis();
    try {
      CompletableFuture.anyOf(stopped, child.ended()).get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      isTimedOut = true;
    } catch (InterruptedException | ExecutionException e) {
      LOG.atWarn().addKeyValue("sandbox", sandbox.id()).setCause(e).log("guard was disturbed");
    }
    // Whoever is frozen hears no signal.
    hold.freeze(false);
    try {
      if (!patience.isPositive() || !endsWhenAsked(child)) {
        child.signal(KILL);
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("sandbox", sandbox.id()).setCause(e).log("sandbox was not killed");
    }
  }

  private boolean endsWhenAsked(Child child) throws IOException {
    child.signal(TERM);
    try {
      child.ended().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException | ExecutionException _) {
      return false;
    }
  }

  /// What a status of `waitpid` means: the low seven bits are a signal, the next byte a code.
  private Exit exit(int status, Rights.Hold hold) {
    if (hold.sawMemoryKill()) {
      return new Exit.OutOfMemory(sandbox.limits().memoryBytes());
    }
    if (isTimedOut) {
      return new Exit.TimedOut(sandbox.limits().time());
    }
    if (stopped.isDone()) {
      return new Exit.Stopped();
    }
    int signal = status & 0x7f;
    int code = (status >> 8) & 0xff;
    if (signal != 0) {
      return new Exit.Signalled(signal);
    }
    // A shell tells so that a signal ended its child.
    boolean isSignal = code > SIGNAL_CODES && code <= SIGNAL_CODES + SIGNALS_MAX;
    return isSignal ? new Exit.Signalled(code - SIGNAL_CODES) : new Exit.Exited(code);
  }
}
