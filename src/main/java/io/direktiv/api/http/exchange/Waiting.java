package io.direktiv.api.http.exchange;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Everything that waits at this door, so that stopping ends it at once.
public final class Waiting {
  private final Set<Signal> signals = ConcurrentHashMap.newKeySet();
  private final int waitsMax;
  private final Semaphore waits;
  private volatile boolean isStopping;

  /// @param waitsMax how many may wait with [#await] at one time
  public Waiting(int waitsMax) {
    this.waitsMax = waitsMax;
    waits = new Semaphore(waitsMax);
  }

  /// Something to wait for; many raises before a wait are one.
  public final class Signal implements AutoCloseable {
    private final Semaphore raised = new Semaphore(0);

    public void raise() {
      raised.release();
    }

    /// Waits at most so long.
    ///
    /// @return true when it was raised, or the door stops
    public boolean await(Duration atMost) throws InterruptedException {
      boolean isRaised = isStopping || raised.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
      raised.drainPermits();
      return isRaised;
    }

    @Override
    public void close() {
      signals.remove(this);
    }
  }

  public Signal signal() {
    Signal signal = new Signal();
    signals.add(signal);
    return signal;
  }

  /// True once the door stops; whoever waits should end.
  public boolean isStopping() {
    return isStopping;
  }

  /// How many wait with [#await].
  public int waits() {
    return waitsMax - waits.availablePermits();
  }

  /// Waits for `future` at most so long, for the client of `call`; empty when the time or the door
  /// came to an end before, or the client left. The future is cancelled then.
  public <T> Optional<T> await(CompletableFuture<T> future, Duration atMost, Call call)
      throws InterruptedException {
    if (!future.isDone() && waits.tryAcquire()) {
      try (Signal signal = signal();
          Presence _ = call.watch(signal::raise)) {
        future.whenComplete((_, _) -> signal.raise());
        signal.await(atMost);
      } finally {
        waits.release();
      }
    }
    if (!future.isDone()) {
      future.cancel(false);
      return Optional.empty();
    }
    return Optional.of(future.join());
  }

  public void stop() {
    isStopping = true;
    signals.forEach(Signal::raise);
  }
}
