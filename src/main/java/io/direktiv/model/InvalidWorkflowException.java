package io.direktiv.model;

import java.util.List;
import java.util.stream.Collectors;

/// A text that is not a workflow definition, with all its problems.
public final class InvalidWorkflowException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Diagnostic> diagnostics;

  /// A refusal for the reasons in `diagnostics`; its message lists the errors one per line.
  public InvalidWorkflowException(List<Diagnostic> diagnostics) {
    super(
        diagnostics.stream()
            .filter(Diagnostic::isError)
            .map(d ->
                "line " + d.place().line() + ", column " + d.place().column() + ": " + d.message())
            .collect(Collectors.joining("\n")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /// All problems in document order.
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
