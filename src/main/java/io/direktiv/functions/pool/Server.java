package io.direktiv.functions.pool;

import io.direktiv.engine.ActionId;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.Limits;
import io.direktiv.functions.Runtime;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.contract.CallLog;
import io.direktiv.functions.contract.HttpContract;
import io.direktiv.functions.contract.Ports;
import io.direktiv.functions.contract.Sidecar;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One sandbox in which a function listens, from its start to its end. Safe for use by many
/// threads.
///
/// What it prints belongs to no call in particular, so it goes to the log of each call that it
/// serves; what it prints while it serves none is kept, up to [Limits#IDLE_LINES_MAX] lines, and
/// goes to the next one's.
final class Server implements Attendant, HttpContract.Served {
  private final Runtime runtime;
  private final Sandbox sandbox;
  private final String image;
  private final CompletableFuture<Inside> begun = new CompletableFuture<>();
  private final CompletableFuture<SandboxEnd> ended = new CompletableFuture<>();
  private final Map<String, Sidecar.Call> calls = new LinkedHashMap<>();
  private final Deque<OutputLine> unheard = new ArrayDeque<>();
  private final Object freezer = new Object();
  private Optional<Sidecar> sidecar = Optional.empty();
  private volatile boolean isFrozen;
  private volatile boolean isReady;
  private volatile boolean isRetired;
  private final long begunAtNanos = System.nanoTime();
  private volatile long idleSinceNanos = System.nanoTime();
  private volatile long lastLineNanos = System.nanoTime();

  /// @param image names what the image's name meant when the server was made
  Server(Runtime runtime, Sandbox sandbox, String image) {
    this.runtime = runtime;
    this.sandbox = sandbox;
    this.image = image;
  }

  /// Makes the sandbox, beside the caller.
  void start() {
    Thread.ofVirtual().name("server-" + sandbox.id()).start(this::run);
  }

  private void run() {
    try {
      ended.complete(runtime.run(sandbox, this));
    } catch (SandboxException | RuntimeException | Error e) {
      ended.completeExceptionally(e);
    } finally {
      closeSidecar();
    }
  }

  @Override
  public CompletableFuture<Inside> begun() {
    return begun;
  }

  @Override
  public CompletableFuture<SandboxEnd> ended() {
    return ended;
  }

  @Override
  public void begun(Inside inside) {
    closeSidecar();
    try {
      Sidecar opened = Sidecar.open(inside.listen(Ports.LOG), this::call);
      synchronized (calls) {
        sidecar = Optional.of(opened);
      }
    } catch (IOException e) {
      line(
          OutputLine.note(
              true,
              "port 8889, for the function's log and variables, is not there: " + e.getMessage()));
    }
    begun.complete(inside);
  }

  private void closeSidecar() {
    synchronized (calls) {
      sidecar.ifPresent(Sidecar::close);
      sidecar = Optional.empty();
    }
  }

  private Optional<Sidecar.Call> call(String actionId) {
    synchronized (calls) {
      return Optional.ofNullable(calls.get(actionId));
    }
  }

  @Override
  public void line(OutputLine line) {
    List<CallLog> hearing;
    synchronized (calls) {
      hearing = calls.values().stream().map(Sidecar.Call::log).toList();
      if (hearing.isEmpty()) {
        unheard.add(line);
        if (unheard.size() > Limits.IDLE_LINES_MAX) {
          unheard.remove();
        }
      }
    }
    hearing.forEach(log -> log.line(line));
    lastLineNanos = System.nanoTime();
  }

  /// A call begins; returns what nobody has heard yet, which is for its log.
  List<OutputLine> admit(ActionId id, Sidecar.Call call) {
    synchronized (calls) {
      List<OutputLine> before = List.copyOf(unheard);
      unheard.clear();
      calls.put(id.toString(), call);
      return before;
    }
  }

  /// Blocks until what was printed for an answer has been heard, as far as that can be known.
  void settle() {
    if (ended.isDone() || !begun.isDone() || begun.join().settle()) {
      return;
    }
    long deadline = System.nanoTime() + Limits.SETTLE_TIME_MAX.toNanos();
    try {
      do {
        Thread.sleep(Limits.SETTLE_TIME);
      } while (System.nanoTime() - lastLineNanos < Limits.SETTLE_TIME.toNanos()
          && System.nanoTime() < deadline);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// A call has ended.
  void dismiss(ActionId id) {
    synchronized (calls) {
      calls.remove(id.toString());
      idleSinceNanos = System.nanoTime();
    }
  }

  /// Calls that it serves.
  int calls() {
    synchronized (calls) {
      return calls.size();
    }
  }

  /// True while it can be given calls.
  boolean isOpen() {
    return !isRetired && !ended.isDone();
  }

  /// Gives it no more calls.
  void retire() {
    isRetired = true;
  }

  boolean isRetired() {
    return isRetired;
  }

  /// True once it listened.
  boolean isReady() {
    return isReady;
  }

  void ready() {
    isReady = true;
  }

  /// True while it listens and is not frozen.
  boolean isWarm() {
    return isReady && !isFrozen;
  }

  /// How long it has served nobody, in nanoseconds.
  long idleNanos() {
    return System.nanoTime() - idleSinceNanos;
  }

  /// How long ago it was begun, in nanoseconds.
  long ageNanos() {
    return System.nanoTime() - begunAtNanos;
  }

  /// What the image's name meant when it was made.
  String image() {
    return image;
  }

  /// Freezes its processes, unless it serves a call.
  void freeze() {
    synchronized (freezer) {
      if (!isFrozen && calls() == 0 && begun.isDone()) {
        isFrozen = begun.join().freeze(true);
      }
    }
  }

  /// Lets its processes go on.
  void thaw() {
    synchronized (freezer) {
      if (isFrozen) {
        begun.join().freeze(false);
        isFrozen = false;
      }
    }
  }

  /// Ends it; its end comes soon after.
  void end() {
    retire();
    Thread.ofVirtual().name("end-" + sandbox.id()).start(this::kill);
  }

  /// A sandbox that is only being made knows of no end yet, so it is told again.
  private void kill() {
    thaw();
    while (!ended.isDone()) {
      runtime.kill(sandbox.id());
      try {
        ended.get(Limits.STOP_REPEAT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException _) {
        // Told again, or over.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
