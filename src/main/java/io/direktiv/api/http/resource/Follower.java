package io.direktiv.api.http.resource;

import io.direktiv.api.Api;
import io.direktiv.api.http.exchange.Limits;
import io.direktiv.api.http.exchange.Waiting;
import io.direktiv.engine.InstanceId;
import io.direktiv.execution.Execution;

/// Watches one instance for a stream: raises a signal when it changed, and knows when it is over
/// without loading its record each time.
final class Follower implements Execution.Watcher, AutoCloseable {
  private final Api api;
  private final InstanceId id;
  private final Waiting.Signal signal;
  private final Execution.Watch watch;
  private volatile boolean hasEnded;
  private volatile boolean isMaybeGone;
  private long lookedAt = System.nanoTime() - Limits.LOOK.toNanos();

  Follower(Api api, InstanceId id, Waiting.Signal signal) {
    this.api = api;
    this.id = id;
    this.signal = signal;
    watch = api.watch(id.namespace(), this);
  }

  @Override
  public void changed(Execution.Change change) {
    if (change.id().equals(id)) {
      hasEnded |= change.status().isEnded();
      signal.raise();
    }
  }

  @Override
  public void deleted() {
    isMaybeGone = true;
    signal.raise();
  }

  /// True when the instance has ended or was deleted.
  boolean isOver() {
    if (!hasEnded && (isMaybeGone || System.nanoTime() - lookedAt >= Limits.LOOK.toNanos())) {
      isMaybeGone = false;
      hasEnded |= StreamRoutes.isOver(StreamRoutes.find(api, id));
      lookedAt = System.nanoTime();
    }
    return hasEnded;
  }

  @Override
  public void close() {
    watch.close();
  }
}
