package io.direktiv.execution.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Whose subflow is started next: a few starts at a time, and namespaces take turns.
///
/// Workflows whose subflows start subflows can want any number of starts. All at once they would
/// fill the queue of commits, in which every namespace waits, and the memory. A few at a time are
/// as fast, since one commit takes many, and leave the queue short. Those that do not fit into
/// their namespace's line are for the caller to leave in the store.
public final class SubflowTurns {
  private final int startsMax;
  private final int waitingMax;
  private final Map<String, Deque<Runnable>> lanes = new LinkedHashMap<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private int underWay;

  /// Turns for `startsMax` starts at a time, with `waitingMax` of each namespace in line.
  public SubflowTurns(int startsMax, int waitingMax) {
    this.startsMax = startsMax;
    this.waitingMax = waitingMax;
  }

  /// Calls `start` when it is its turn, which lasts until what it returns is complete.
  ///
  /// @return completes as that does; empty when the namespace's line is full
  public <T> Optional<CompletableFuture<T>> take(
      String namespace, Supplier<CompletableFuture<T>> start) {
    CompletableFuture<T> done = new CompletableFuture<>();
    if (!add(namespace, () -> begin(start, done))) {
      return Optional.empty();
    }
    startNext();
    return Optional.of(done);
  }

  private synchronized boolean add(String namespace, Runnable start) {
    Deque<Runnable> lane = lanes.computeIfAbsent(namespace, _ -> new ArrayDeque<>());
    if (lane.size() == waitingMax) {
      return false;
    }
    lane.add(start);
    return true;
  }

  /// Starts what may start. Whoever comes while another does so only asks for one more round: a
  /// start that is done at once must not begin the next one on top of its own stack.
  private void startNext() {
    if (wanted.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
        next.get().run();
      }
      seen = wanted.addAndGet(-seen);
    } while (seen > 0);
  }

  private synchronized Optional<Runnable> next() {
    if (underWay == startsMax || lanes.isEmpty()) {
      return Optional.empty();
    }
    String namespace = lanes.keySet().iterator().next();
    Deque<Runnable> lane = lanes.remove(namespace);
    Runnable next = lane.remove();
    if (!lane.isEmpty()) {
      lanes.put(namespace, lane);
    }
    underWay++;
    return Optional.of(next);
  }

  private <T> void begin(Supplier<CompletableFuture<T>> start, CompletableFuture<T> done) {
    CompletableFuture<T> started;
    try {
      started = start.get();
    } catch (RuntimeException | Error e) {
      started = CompletableFuture.failedFuture(e);
    }
    started.whenComplete((value, failure) -> {
      leave();
      if (failure == null) {
        done.complete(value);
      } else {
        done.completeExceptionally(failure);
      }
      startNext();
    });
  }

  private synchronized void leave() {
    underWay--;
  }
}
