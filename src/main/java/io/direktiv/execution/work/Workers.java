package io.direktiv.execution.work;

import io.direktiv.schedule.AlarmClock;

/// Where the work of an execution runs. A server has threads for each kind ([ThreadWorkers]); the
/// simulation puts all of it on one queue that a seed shuffles.
public interface Workers extends AlarmClock {
  /// Runs what burns processor time (steps, queries) when it is the namespace's turn.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException when the workers were stopped
  void decide(String namespace, Runnable task);

  /// Runs what follows a commit and may read the store.
  void follow(Runnable task);

  /// Runs a call of a function, which blocks until the function has answered.
  void call(String name, Runnable task);

  /// Ends work; what has not begun is dropped.
  void stop();
}
