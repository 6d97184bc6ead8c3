package io.direktiv.api.grpc;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Everything that waits at this door, so that stopping ends it at once.
final class Waiting {
  private final Set<Runnable> enders = ConcurrentHashMap.newKeySet();
  private volatile boolean isStopping;

  /// Runs `ender` once when the door stops, at once when it does already; `remove` undoes this.
  void add(Runnable ender) {
    enders.add(ender);
    if (isStopping) {
      end(ender);
    }
  }

  void remove(Runnable ender) {
    enders.remove(ender);
  }

  /// The result of `future`; fails with a [java.util.concurrent.TimeoutException] after `atMost`,
  /// and with [Statuses#STOPPING] when the door stops. `future` itself is left alone.
  <T> CompletableFuture<T> on(CompletableFuture<T> future, Duration atMost) {
    CompletableFuture<T> result = future.copy();
    Runnable ender = () -> result.completeExceptionally(Statuses.STOPPING.asRuntimeException());
    add(ender);
    result.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
    result.whenComplete((_, _) -> remove(ender));
    return result;
  }

  void stop() {
    isStopping = true;
    enders.forEach(this::end);
  }

  private void end(Runnable ender) {
    if (enders.remove(ender)) {
      ender.run();
    }
  }
}
