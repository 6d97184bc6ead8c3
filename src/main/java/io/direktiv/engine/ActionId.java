package io.direktiv.engine;

import java.util.Optional;

/// Names one action of one visit of a state; stable across restarts, so that results are applied
/// once.
///
/// @param step the visit's step, from 1
/// @param branch the index within a foreach or parallel state, else 0
public record ActionId(InstanceId instance, int step, int branch) {
  /// Reads what `toString` wrote.
  public static Optional<ActionId> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      int step = Integer.parseInt(parts[1]);
      int branch = Integer.parseInt(parts[2]);
      return InstanceId.parse(parts[0]).map(id -> new ActionId(id, step, branch));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return instance + ":" + step + ":" + branch;
  }
}
