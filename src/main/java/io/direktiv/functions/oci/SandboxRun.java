package io.direktiv.functions.oci;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Exit;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.network.Network;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one sandbox.
///
/// ```
///   perform: folders, overlay ─▶ files ─▶ create ─▶ network ─▶ start ─▶ await its end ─▶ files
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
  private final Consumer<OutputLine> output;
  private final Workspace workspace;
  private final Hold hold;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile boolean isTimedOut;
  private volatile Duration patience;

  SandboxRun(Machine machine, Sandbox sandbox, Consumer<OutputLine> output, Duration grace) {
    this.machine = machine;
    this.sandbox = sandbox;
    this.output = output;
    this.patience = grace;
    this.workspace = machine.workspace(sandbox.id());
    this.hold = machine.rights().hold(sandbox.id());
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

  /// Makes the sandbox over `root`, waits for its end and reads what it left.
  ///
  /// @param removed is run once nothing of the sandbox is left, soon after this returns
  SandboxEnd perform(Root root, Runnable removed) throws SandboxException {
    try {
      if (stopped.isDone()) {
        return SandboxEnd.of(new Exit.Stopped());
      }
      List<String> before = workspace.make(root.folder());
      workspace.putFiles(sandbox.filesIn());
      new Bundle(machine, sandbox, root, workspace).write();
      return performMade(before);
    } catch (IOException e) {
      throw new SandboxException(
          Codes.FUNCTION_UNAVAILABLE,
          "a sandbox could not be made on this machine: " + e.getMessage());
    } finally {
      machine
          .threads()
          .newThread(() -> {
            remove();
            removed.run();
          })
          .start();
    }
  }

  private SandboxEnd performMade(List<String> before) throws IOException, SandboxException {
    boolean hasNetwork = sandbox.limits().network() == SandboxLimits.Network.EGRESS;
    Optional<Network> network =
        hasNetwork ? Optional.of(machine.networks().get()) : Optional.empty();
    Streams streams = Streams.open(workspace, new byte[0], output, machine.threads());
    Child child = create(streams, before);
    hold.begin(child, sandbox.limits().memoryBytes());
    if (stopped.isDone()) {
      end(child);
      return SandboxEnd.of(new Exit.Stopped());
    }
    Optional<Network.Link> link = Optional.empty();
    try {
      if (network.isPresent()) {
        link = Optional.of(network.get().attach(workspace.pid(), workspace.bundle()));
      }
      start(child);
      return awaited(child, streams);
    } catch (IOException e) {
      end(child);
      throw e;
    } finally {
      link.ifPresent(Network.Link::close);
    }
  }

  private void start(Child child) throws IOException, SandboxException {
    try {
      machine.tool().start(sandbox.id(), workspace);
    } catch (IOException e) {
      end(child);
      throw cannotRun(e);
    }
  }

  private static void end(Child child) throws IOException {
    child.signal(KILL);
    child.ended().join();
  }

  private SandboxEnd awaited(Child child, Streams streams) throws IOException {
    Thread.ofVirtual().name("guard-" + sandbox.id()).start(() -> guard(child));
    int status = child.ended().join();
    streams.awaitEnd();
    Exit exit = exit(status);
    boolean hasFiles = exit instanceof Exit.Exited || exit instanceof Exit.Signalled;
    return new SandboxEnd(exit, hasFiles ? workspace.files(sandbox.filesOut()) : Map.of());
  }

  private Child create(Streams streams, List<String> before) throws IOException, SandboxException {
    try (streams) {
      machine.tool().create(sandbox.id(), workspace, before);
    } catch (IOException e) {
      throw cannotRun(e);
    }
    return Child.watch(workspace.pid(), machine.threads());
  }

  private SandboxException cannotRun(IOException e) {
    return new SandboxException(
        Codes.FUNCTION_IMAGE, "image \"" + sandbox.image() + "\" cannot be run: " + e.getMessage());
  }

  private void guard(Child child) {
    long millis = sandbox.limits().time().toMillis();
    try {
      CompletableFuture.anyOf(stopped, child.ended()).get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      isTimedOut = true;
    } catch (InterruptedException | ExecutionException e) {
      LOG.atWarn().addKeyValue("sandbox", sandbox.id()).setCause(e).log("guard was disturbed");
    }
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
  private Exit exit(int status) {
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

  private void remove() {
    try {
      machine.tool().delete(sandbox.id(), workspace);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("sandbox", sandbox.id()).setCause(e).log("nothing to delete");
    }
    try {
      hold.remove();
      workspace.remove();
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("sandbox", sandbox.id())
          .setCause(e)
          .log("sandbox's folders could not be removed; the next start does");
    }
  }
}
