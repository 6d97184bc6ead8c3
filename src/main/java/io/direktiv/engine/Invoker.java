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

  /// An action of another instance.
  ///
  /// @param depth how many workflows stand above, from 1
  /// @param isAwaited false when the caller does not wait for the result
  record Subflow(ActionId caller, String state, int depth, boolean isAwaited) implements Invoker {}
}
