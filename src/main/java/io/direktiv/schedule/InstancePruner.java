package io.direktiv.schedule;

import io.direktiv.store.Change;
import io.direktiv.store.Store;
import io.direktiv.store.StoreException;
import io.direktiv.telemetry.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes ended instances, delivered events and idempotency keys that are too old; when the store
/// holds too much, younger ones as well, the oldest first.
///
/// It works in small batches with a rest after each, so that work is not held up by it. What still
/// runs is never deleted, however much there is of it.
public final class InstancePruner implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(InstancePruner.class);

  /// What is kept.
  ///
  /// @param time how long
  /// @param bytesMax how much the store may hold before younger things go
  public record Retention(Duration time, long bytesMax) {}

  private final Store store;
  private final InstantSource clock;
  private final Retention retention;
  private final Duration every;
  private Thread thread;

  /// A pruner that looks after each `every`.
  public InstancePruner(Store store, InstantSource clock, Retention retention, Duration every) {
    this.store = store;
    this.clock = clock;
    this.retention = retention;
    this.every = every;
  }

  @Override
  public synchronized void start() {
    thread = Thread.ofVirtual().name("pruner").start(this::run);
  }

  @Override
  public synchronized void stop() {
    if (thread == null) {
      return;
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        try {
          prune();
        } catch (CompletionException | StoreException e) {
          LOG.warn("old instances could not be deleted, trying again later: {}", e.getMessage());
        }
        Thread.sleep(every);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Deletes what is too old or too much now.
  void prune() throws InterruptedException {
    Instant tooOld = clock.instant().minus(retention.time());
    while (prune(tooOld) > 0) {
      Thread.sleep(Limits.PRUNE_REST);
    }
    while (store.usedBytes() > retention.bytesMax() && prune(clock.instant()) > 0) {
      Thread.sleep(Limits.PRUNE_REST);
    }
  }

  /// Deletes a batch and returns how much was in it.
  private int prune(Instant before) {
    int prunable = store.prunable(before, Limits.PRUNE_BATCH);
    if (prunable > 0) {
      store.commit(List.of(new Change.Prune(before, Limits.PRUNE_BATCH))).join();
    }
    return prunable;
  }
}
