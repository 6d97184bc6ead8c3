package io.direktiv.store;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The memory of a server. Safe for use by many threads.
public interface Store extends AutoCloseable {
  /// Writes `changes`, all or none, and completes when they are on disk.
  ///
  /// Changes of one call are applied in order; calls are applied in the order they were made. The
  /// future fails with [ConflictException] when one of them is refused, and with [StoreException]
  /// when the world is broken; then nothing of the call was written.
  CompletableFuture<Void> commit(List<Change> changes);

  /// Namespaces and workflows.
  Definitions definitions();

  /// Instances, their history and their logs.
  Instances instances();

  /// What waits: actions, timers, listeners, and events to deliver.
  Waits waits();

  /// Variables, secrets, registries and tokens.
  Holdings holdings();

  /// How the store fares.
  StoreStatistics statistics();

  /// The bytes that it holds; room of deleted things that it will use again is not counted. A store
  /// without a disk counts none.
  default long usedBytes() {
    return 0;
  }

  /// The bytes that its disk has left.
  default long freeBytes() {
    return Long.MAX_VALUE;
  }

  /// How many instances, events or keys [Change.Prune] would delete, whichever is most.
  int prunable(Instant before, int atMost);

  /// Flushes what was accepted and closes; twice is fine.
  @Override
  void close();
}
