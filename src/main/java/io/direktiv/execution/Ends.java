package io.direktiv.execution;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Who waits for instances to end. A waiter that gives up (completes or cancels its future) is
/// forgotten.
final class Ends {
  private final Map<InstanceId, List<CompletableFuture<Optional<Instance>>>> waiters =
      new ConcurrentHashMap<>();

  /// A future that completes when the instance ends.
  CompletableFuture<Optional<Instance>> await(InstanceId id) {
    CompletableFuture<Optional<Instance>> waiter = new CompletableFuture<>();
    waiters.merge(
        id,
        List.of(waiter),
        (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
    waiter.whenComplete((_, _) -> forget(id, waiter));
    return waiter;
  }

  private void forget(InstanceId id, CompletableFuture<Optional<Instance>> waiter) {
    waiters.computeIfPresent(
        id,
        (_, all) -> {
          List<CompletableFuture<Optional<Instance>>> rest =
              all.stream().filter(other -> other != waiter).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  /// Tells all who wait for an instance; empty when it was deleted.
  void ended(InstanceId id, Optional<Instance> instance) {
    List<CompletableFuture<Optional<Instance>>> all = waiters.remove(id);
    if (all != null) {
      all.forEach(waiter -> waiter.complete(instance));
    }
  }

  /// Tells all who wait for instances that were deleted.
  void deleted(Predicate<InstanceId> isGone) {
    waiters.keySet().stream().filter(isGone).forEach(id -> ended(id, Optional.empty()));
  }

  /// Tells everybody that nothing will come any more.
  void stop(RuntimeException reason) {
    waiters
        .keySet()
        .forEach(id -> {
          List<CompletableFuture<Optional<Instance>>> all = waiters.remove(id);
          if (all != null) {
            all.forEach(waiter -> waiter.completeExceptionally(reason));
          }
        });
  }

  int size() {
    return waiters.size();
  }
}
