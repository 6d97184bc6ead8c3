package io.direktiv.server;

import io.direktiv.engine.Invoker;
import io.direktiv.store.Change;
import io.direktiv.store.Definitions;
import io.direktiv.store.Holdings;
import io.direktiv.store.Instances;
import io.direktiv.store.Store;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.Waits;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A store that keeps a reserve of its disk for the work that was accepted: when there is less free
/// space, it refuses what is new and lets the rest go on.
final class DiskGuard implements Store {
  private final Store store;
  private final long reserveBytes;

  DiskGuard(Store store, long reserveBytes) {
    this.store = store;
    this.reserveBytes = reserveBytes;
  }

  @Override
  public CompletableFuture<Void> commit(List<Change> changes) {
    if (isNewWork(changes)) {
      long free = store.freeBytes();
      if (free < reserveBytes) {
        return CompletableFuture.failedFuture(
            new StoreBusyException(
                "DK0010: the disk of the data folder has "
                    + free
                    + " bytes left and "
                    + reserveBytes
                    + " are kept for work that was accepted; free some space and try again"));
      }
    }
    return store.commit(changes);
  }

  /// True for what clients and crons ask; false for steps of what runs, and for deletions.
  private static boolean isNewWork(List<Change> changes) {
    boolean isStep = changes.stream().anyMatch(Change.SaveInstance.class::isInstance);
    return !isStep && changes.stream().anyMatch(DiskGuard::isNew);
  }

  private static boolean isNew(Change change) {
    return switch (change) {
      case Change.CreateInstance(var instance, var _) ->
          switch (instance.invoker()) {
            case Invoker.Api _, Invoker.Cron _ -> true;
            case Invoker.Events _, Invoker.Subflow _ -> false;
          };
      case Change.CreateNamespace _,
          Change.CreateWorkflow _,
          Change.UpdateWorkflow _,
          Change.PutEvent _,
          Change.PutVariable _,
          Change.PutSecret _,
          Change.PutRegistry _ ->
          true;
      default -> false;
    };
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
  public long usedBytes() {
    return store.usedBytes();
  }

  @Override
  public long freeBytes() {
    return store.freeBytes();
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
