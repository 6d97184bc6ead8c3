package io.direktiv.execution;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Status;
import io.direktiv.model.CloudEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Starts, wakes, cancels and watches instances. Safe for use by many threads.
public interface Execution {
  /// Starts an instance; completes when the start is on disk.
  ///
  /// Fails with [StartException] when the workflow does not allow it, and with [OverloadException]
  /// when too much is under way.
  CompletableFuture<Started> start(StartRequest request);

  /// Completes with the record of the instance once it has ended; at once when it has already.
  /// Empty when there is no such instance.
  CompletableFuture<Optional<Instance>> awaitEnd(InstanceId id);

  /// Cancels an instance with `direktiv.cancels.api`; completes when that is on disk.
  ///
  /// @return false when it has ended already or does not exist
  CompletableFuture<Boolean> cancel(InstanceId id, String reason);

  /// Takes events, all in one commit; completes when they are on disk. Delivery follows.
  ///
  /// @return how many are new: the others have a source and an id that are known in the namespace
  CompletableFuture<Integer> publish(String namespace, List<CloudEvent> events);

  /// Takes an event; false when it is known.
  default CompletableFuture<Boolean> publish(String namespace, CloudEvent event) {
    return publish(namespace, List.of(event)).thenApply(taken -> taken == 1);
  }

  /// Arms or disarms a workflow's cron, and has its functions kept ready or not, after it was
  /// created, updated or toggled. Its listener is part of the commit that did so, see
  /// [WorkflowListeners].
  void workflowChanged(String uid);

  /// Stops everything that runs in a workflow or namespace that was deleted.
  ///
  /// @param uid the workflow's; absent for the whole namespace
  void forget(String namespace, Optional<String> uid);

  /// Tells `watcher` about every committed change of a namespace's instances, from now on.
  Watch watch(String namespace, Watcher watcher);

  /// Who wants to know what happens to a namespace's instances.
  interface Watcher {
    /// An instance was begun, went on or ended.
    void changed(Change change);

    /// Some instances were deleted; whoever watches one should look whether it is there.
    default void deleted() {}
  }

  /// A committed change of an instance.
  ///
  /// @param logs lines that were added
  record Change(InstanceId id, Status status, String state, List<LogLine> logs) {
    public Change {
      logs = List.copyOf(logs);
    }
  }

  /// A watch that goes on until it is closed.
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
