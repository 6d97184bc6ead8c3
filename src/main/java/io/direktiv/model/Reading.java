package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// What became of a text that should be a workflow definition.
///
/// @param workflow the definition; absent when there is an error among the diagnostics
/// @param diagnostics all problems in document order
public record Reading(Optional<Workflow> workflow, List<Diagnostic> diagnostics) {
  public Reading {
    diagnostics = List.copyOf(diagnostics);
  }

  /// The definition.
  ///
  /// @throws InvalidWorkflowException with all problems when there is none
  public Workflow orThrow() throws InvalidWorkflowException {
    if (workflow.isEmpty()) {
      throw new InvalidWorkflowException(diagnostics);
    }
    return workflow.get();
  }
}
