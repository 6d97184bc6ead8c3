package io.direktiv.engine;

import java.util.List;

/// One decision: what to write, what to do, what to remember.
///
/// @param instance the next record, with `sequence` raised by one
/// @param recorded false when only the outcome of one branch changed, see [Activity.Branch]
/// @param isYielded true when the instance wants to be woken again at once
public record Step(
    Instance instance,
    boolean recorded,
    List<Effect> effects,
    List<Visit> history,
    List<LogLine> logs,
    boolean isYielded) {
  public Step {
    effects = List.copyOf(effects);
    history = List.copyOf(history);
    logs = List.copyOf(logs);
  }
}
