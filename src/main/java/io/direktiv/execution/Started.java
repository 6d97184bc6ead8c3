package io.direktiv.execution;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// An instance that was started.
///
/// @param isRepeated true when an `Idempotency-Key` led to an earlier start
/// @param waiter begins to wait for its end
public record Started(
    InstanceId id, boolean isRepeated, Supplier<CompletableFuture<Optional<Instance>>> waiter) {
  /// Completes with its record when it has ended; empty when it was deleted. Cancel it to give up.
  public CompletableFuture<Optional<Instance>> end() {
    return waiter.get();
  }
}
