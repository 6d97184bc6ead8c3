package io.direktiv.model;

import io.direktiv.model.read.ClassicReader;

/// Reads workflow definitions.
public final class WorkflowReader {
  private WorkflowReader() {}

  /// Reads a definition and reports every problem in document order.
  ///
  /// @param yaml the author's text, at most [Limits#WORKFLOW_BYTES_MAX]
  public static Reading read(String yaml) {
    return ClassicReader.read(yaml);
  }
}
