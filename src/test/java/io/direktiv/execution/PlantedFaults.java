package io.direktiv.execution;

import io.direktiv.store.Change;
import io.direktiv.store.Definitions;
import io.direktiv.store.Holdings;
import io.direktiv.store.Instances;
import io.direktiv.store.Store;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.Waits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Stores with a defect each, to show that the simulation finds it.
final class PlantedFaults {
  private PlantedFaults() {}

  /// Says that everything is on disk before it is.
  static Store effectsBeforeCommit(Store store) {
    return new Faulty(
        store,
        changes -> {
          CompletableFuture<Void> written = store.commit(changes);
          return written.isCompletedExceptionally()
              ? written
              : CompletableFuture.completedFuture(null);
        });
  }

  /// Forgets what makes a start happen once.
  static Store noDeduplication(Store store) {
    return new Faulty(
        store,
        changes ->
            store.commit(
                changes.stream()
                    .map(change ->
                        change instanceof Change.CreateInstance(var instance, var _)
                            ? new Change.CreateInstance(instance, Optional.empty())
                            : change)
                    .toList()));
  }

  /// Does not write timers.
  static Store lostTimers(Store store) {
    return new Faulty(
        store,
        changes ->
            store.commit(
                changes.stream().filter(change -> !(change instanceof Change.PutTimer)).toList()));
  }

  private record Faulty(Store store, Function<List<Change>, CompletableFuture<Void>> committer)
      implements Store {
    @Override
    public CompletableFuture<Void> commit(List<Change> changes) {
      return committer.apply(changes);
    }

    @Override
    public Definitions definitions() {
      return store.definitions();
    }

    @Override
    public Instances instances() {
      return store.instances();
    }

    @Override
    public Waits waits() {
      return store.waits();
    }

    @Override
    public Holdings holdings() {
      return store.holdings();
    }

    @Override
    public StoreStatistics statistics() {
      return store.statistics();
    }

    @Override
    public int prunable(Instant before, int atMost) {
      return store.prunable(before, atMost);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
