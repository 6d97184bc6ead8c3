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

  /// Gives `future` a time and an ending: it fails with a [java.util.concurrent.TimeoutException]
  /// after `atMost`, and with [Statuses#STOPPING] when the door stops. It must be the caller's own.
  <T> CompletableFuture<T> on(CompletableFuture<T> future, Duration atMost) {
    Runnable ender = () -> future.completeExceptionally(Statuses.STOPPING.asRuntimeException());
    add(ender);
    future.whenComplete((_, _) -> remove(ender));
    return future.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS);
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
