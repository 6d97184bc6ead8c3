package io.direktiv.engine;

import java.util.List;

/// Who started an instance.
public sealed interface Invoker {
  /// How many workflows stand above: 0 unless started as a subflow.
  default int depth() {
    return this instanceof Subflow subflow ? subflow.depth() : 0;
  }

  /// A client.
  record Api() implements Invoker {}

  /// The clock.
  record Cron() implements Invoker {}

  /// Events, by their ids.
  record Events(List<String> ids) implements Invoker {
    public Events {
      ids = List.copyOf(ids);
    }
  }

  /// The instance that began it all, when `own` was started by this invoker.
  default InstanceId root(InstanceId own) {
    return this instanceof Subflow subflow ? subflow.root() : own;
  }

  /// An action of another instance.
  ///
  /// @param root the instance above all, which no subflow's caller started
  /// @param depth how many workflows stand above, from 1
  /// @param isAwaited false when the caller does not wait for the result
  record Subflow(ActionId caller, InstanceId root, String state, int depth, boolean isAwaited)
      implements Invoker {}
}
