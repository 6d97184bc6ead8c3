package io.direktiv.execution;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.store.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Writes the lines of a running function into its instance's log, in their order: while some are
/// being written the next ones gather, and when too many wait the function does.
final class InstanceLog implements Consumer<LogLine> {
  private final PatientWriter writer;
  private final InstanceId instance;
  private final Consumer<List<LogLine>> watcher;
  private final List<LogLine> waiting = new ArrayList<>();
  private final CompletableFuture<Void> flushed = new CompletableFuture<>();
  private boolean isWriting;
  private boolean isClosed;

  /// A log of `instance` that tells `watcher` about lines that are on disk.
  InstanceLog(PatientWriter writer, InstanceId instance, Consumer<List<LogLine>> watcher) {
    this.writer = writer;
    this.instance = instance;
    this.watcher = watcher;
  }

  @Override
  public synchronized void accept(LogLine line) {
    while (waiting.size() >= Limits.LOG_LINES_WAITING) {
      try {
        wait();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    waiting.add(line);
    write();
  }

  private void write() {
    if (isWriting) {
      return;
    }
    if (waiting.isEmpty()) {
      if (isClosed) {
        flushed.complete(null);
      }
      return;
    }
    isWriting = true;
    List<LogLine> lines = List.copyOf(waiting);
    waiting.clear();
    writer
        .write(List.of(new Change.AppendHistory(instance, List.of(), lines)))
        .whenComplete((_, failure) -> written(failure == null ? lines : List.of()));
  }

  private void written(List<LogLine> lines) {
    if (!lines.isEmpty()) {
      watcher.accept(lines);
    }
    synchronized (this) {
      isWriting = false;
      notifyAll();
      write();
    }
  }

  /// Ends the log; completes when every line is on disk.
  synchronized CompletableFuture<Void> close() {
    isClosed = true;
    write();
    return flushed;
  }
}
