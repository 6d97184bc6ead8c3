package io.direktiv.execution;

import io.direktiv.execution.work.Workers;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what must not be lost though nobody waits for it: tries again while the store is busy or
/// broken, until it is written, refused, or the workers stop.
final class PatientWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PatientWriter.class);

  private final Store store;
  private final InstantSource clock;
  private final Workers workers;

  PatientWriter(Store store, InstantSource clock, Workers workers) {
    this.store = store;
    this.clock = clock;
    this.workers = workers;
  }

  /// Completes when `changes` are on disk, and fails only with [ConflictException].
  CompletableFuture<Void> write(List<Change> changes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    attempt(changes, done);
    return done;
  }

  private void attempt(List<Change> changes, CompletableFuture<Void> done) {
    store
        .commit(changes)
        .whenComplete((_, failure) -> {
          if (failure == null) {
            done.complete(null);
          } else if (cause(failure) instanceof ConflictException conflict) {
            done.completeExceptionally(conflict);
          } else {
            LOG.debug("could not be written, trying again", failure);
            later(() -> attempt(changes, done));
          }
        });
  }

  /// Runs `task` after [Limits#RETRY_DELAY].
  void later(Runnable task) {
    workers.ringAt(clock.instant().plus(Limits.RETRY_DELAY), () -> workers.follow(task));
  }

  /// What made a stage fail.
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
