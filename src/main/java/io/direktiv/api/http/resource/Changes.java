package io.direktiv.api.http.resource;

import io.direktiv.api.http.exchange.Limits;
import io.direktiv.api.http.exchange.Waiting;
import io.direktiv.engine.InstanceId;
import io.direktiv.execution.Execution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The changes that a stream has still to send: the latest of each instance, within
/// [Limits#STREAM_CHANGES_MAX].
final class Changes implements Execution.Watcher, AutoCloseable {
  private final Optional<String> workflow;
  private final Waiting.Signal signal;
  private final Map<InstanceId, Execution.Change> latest = new LinkedHashMap<>();
  private boolean isOverflown;

  Changes(Optional<String> workflow, Waiting.Signal signal) {
    this.workflow = workflow;
    this.signal = signal;
  }

  @Override
  public synchronized void changed(Execution.Change change) {
    if (isOverflown || !workflow.map(change.id().workflow()::equals).orElse(true)) {
      return;
    }
    latest.remove(change.id());
    latest.put(change.id(), change);
    isOverflown = latest.size() > Limits.STREAM_CHANGES_MAX;
    signal.raise();
  }

  /// What has come since the last call, oldest first.
  synchronized List<Execution.Change> take() {
    List<Execution.Change> taken = List.copyOf(latest.values());
    latest.clear();
    return taken;
  }

  /// True when changes were dropped.
  synchronized boolean isOverflown() {
    return isOverflown;
  }

  @Override
  public synchronized void close() {
    latest.clear();
  }
}
