package io.direktiv.store.memory;

import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.Definitions;
import io.direktiv.store.Holdings;
import io.direktiv.store.Instances;
import io.direktiv.store.Store;
import io.direktiv.store.StoreException;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.Waits;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A store that forgets everything when the process ends. A commit is through when the call
/// returns.
public final class MemoryStore implements Store {
  private final Tables tables = new Tables();
  private final Writer writer = new Writer(tables);
  private long commits;
  private boolean isClosed;

  /// An empty store.
  public MemoryStore() {}

  @Override
  public CompletableFuture<Void> commit(List<Change> changes) {
    synchronized (tables) {
      if (isClosed) {
        return CompletableFuture.failedFuture(new StoreException("the store is closed", null));
      }
      try {
        changes.forEach(writer::write);
        commits++;
        return CompletableFuture.completedFuture(null);
      } catch (ConflictException e) {
        tables.undo.forEach(Runnable::run);
        return CompletableFuture.failedFuture(e);
      } finally {
        tables.undo.clear();
      }
    }
  }

  @Override
  public Definitions definitions() {
    return new MemoryDefinitions(tables);
  }

  @Override
  public Instances instances() {
    return new MemoryInstances(tables);
  }

  @Override
  public Waits waits() {
    return new MemoryWaits(tables);
  }

  @Override
  public Holdings holdings() {
    return new MemoryHoldings(tables);
  }

  @Override
  public StoreStatistics statistics() {
    synchronized (tables) {
      return new StoreStatistics(commits, commits, 0, 0);
    }
  }

  @Override
  public int prunable(Instant before, int atMost) {
    synchronized (tables) {
      return Remover.prunable(tables, before, atMost);
    }
  }

  @Override
  public void close() {
    synchronized (tables) {
      isClosed = true;
    }
  }
}
