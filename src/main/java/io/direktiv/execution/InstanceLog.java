package io.direktiv.execution;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.store.Change;
import io.direktiv.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Writes the lines of a running function into its instance's log: while some are being written the
/// next ones gather, and when too many wait the function does.
final class InstanceLog implements Consumer<LogLine>, AutoCloseable {
  private final Store store;
  private final InstanceId instance;
  private final Consumer<List<LogLine>> written;
  private final List<LogLine> waiting = new ArrayList<>();
  private boolean isWriting;

  /// A log of `instance` that tells `written` about lines that are on disk.
  InstanceLog(Store store, InstanceId instance, Consumer<List<LogLine>> written) {
    this.store = store;
    this.instance = instance;
    this.written = written;
  }

  @Override
  public synchronized void accept(LogLine line) {
    awaitRoom(Limits.LOG_LINES_WAITING);
    waiting.add(line);
    write();
  }

  private void write() {
    if (isWriting || waiting.isEmpty()) {
      return;
    }
    isWriting = true;
    List<LogLine> lines = List.copyOf(waiting);
    waiting.clear();
    store
        .commit(List.of(new Change.AppendHistory(instance, List.of(), lines)))
        .whenComplete((_, failure) -> written(failure == null ? lines : List.of()));
  }

  private void written(List<LogLine> lines) {
    if (!lines.isEmpty()) {
      written.accept(lines);
    }
    synchronized (this) {
      isWriting = false;
      write();
      notifyAll();
    }
  }

  private void awaitRoom(int lines) {
    boolean isInterrupted = false;
    while (waiting.size() >= lines || (lines == 1 && isWriting)) {
      try {
        wait();
      } catch (InterruptedException _) {
        isInterrupted = true;
        break;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until every line is on disk.
  @Override
  public synchronized void close() {
    awaitRoom(1);
  }
}
