package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// The work of a state: a call of a function or of another workflow.
///
/// @param input what the callee gets; absent for the data it would be computed from
/// @param secrets names of secrets that are visible to `input` only
public record Action(Target target, Optional<Expression> input, List<String> secrets) {
  public Action {
    secrets = List.copyOf(secrets);
  }

  /// Who does the work.
  public sealed interface Target {
    /// A function of the same definition.
    record Function(String id) implements Target {}

    /// Another workflow of the namespace.
    record Subflow(String workflow) implements Target {}
  }
}
