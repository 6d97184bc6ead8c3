package io.direktiv.store.sql;

import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreException;
import io.direktiv.store.StoreStatistics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The thread that writes: takes what waits, writes it in one transaction, flushes once, and only
/// then tells the callers. While it flushes the next group gathers; nothing waits for a timer.
///
/// Each call stands in a savepoint of its own, so a refused one is undone alone. When the
/// transaction as a whole fails (a full disk), every call of the group fails and nothing of it was
/// written.
final class Committer implements AutoCloseable {
  private record Request(List<Change> changes, CompletableFuture<Void> done) {}

  private static final Request STOP = new Request(List.of(), new CompletableFuture<>());

  private final Session session;
  private final ChangeWriter writer;
  private final Executor notifier;
  private final BlockingQueue<Request> queue = new LinkedBlockingQueue<>(Limits.QUEUE_MAX + 1);
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong flushNanos = new AtomicLong();
  private final Thread thread;
  private volatile boolean isClosed;

  Committer(Session session, Executor notifier) {
    this.session = session;
    this.writer = new ChangeWriter(session);
    this.notifier = notifier;
    this.thread = Thread.ofPlatform().name("committer").start(this::run);
  }

  CompletableFuture<Void> commit(List<Change> changes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (isClosed) {
      return CompletableFuture.failedFuture(new StoreException("the store is closed", null));
    }
    if (queue.size() >= Limits.QUEUE_MAX || !queue.offer(new Request(changes, done))) {
      return CompletableFuture.failedFuture(
          new StoreBusyException(
              "more than " + Limits.QUEUE_MAX + " commits wait to be written; try again later"));
    }
    return done;
  }

  StoreStatistics statistics() {
    return new StoreStatistics(commits.get(), flushes.get(), flushNanos.get(), queue.size());
  }

  private void run() {
    List<Request> group = new ArrayList<>();
    boolean isRunning = true;
    while (isRunning) {
      group.clear();
      try {
        group.add(queue.take());
      } catch (InterruptedException _) {
        continue;
      }
      queue.drainTo(group, Limits.GROUP_MAX - 1);
      isRunning = !group.remove(STOP);
      if (!group.isEmpty()) {
        write(List.copyOf(group));
      }
    }
    fail(queue, new StoreException("the store is closed", null));
  }

  private void write(List<Request> group) {
    List<Request> written = new ArrayList<>(group.size());
    List<Runnable> refusals = new ArrayList<>();
    try {
      session.update("BEGIN IMMEDIATE");
      for (Request request : group) {
        try {
          writeOne(request);
          written.add(request);
        } catch (ConflictException e) {
          refusals.add(() -> request.done.completeExceptionally(e));
        }
      }
      long start = System.nanoTime();
      session.update("COMMIT");
      flushNanos.addAndGet(System.nanoTime() - start);
      flushes.incrementAndGet();
      commits.addAndGet(written.size());
      notifier.execute(() -> {
        written.forEach(request -> request.done.complete(null));
        refusals.forEach(Runnable::run);
      });
    } catch (SQLException | RuntimeException e) {
      rollback();
      writer.reset();
      RuntimeException failure = failure(e);
      notifier.execute(() -> fail(group, failure));
    }
  }

  private static RuntimeException failure(Exception e) {
    boolean isFull =
        e instanceof SQLiteException sqlite
            && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    return isFull
        ? new StoreBusyException(
            "DK0010: the disk of the data folder is full; free some space and try again")
        : new StoreException("nothing could be written: " + e.getMessage(), e);
  }

  private void writeOne(Request request) throws SQLException {
    session.update("SAVEPOINT one");
    try {
      for (Change change : request.changes) {
        writer.write(change);
      }
      session.update("RELEASE one");
    } catch (ConflictException e) {
      session.update("ROLLBACK TO one");
      session.update("RELEASE one");
      throw e;
    }
  }

  private void rollback() {
    try {
      session.update("ROLLBACK");
    } catch (SQLException _) {
      // SQLite has rolled back by itself: there is no transaction any more.
    }
  }

  private static void fail(Iterable<Request> requests, RuntimeException failure) {
    requests.forEach(request -> request.done.completeExceptionally(failure));
  }

  /// Writes what was accepted and ends.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      queue.put(STOP);
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    session.close();
  }
}
