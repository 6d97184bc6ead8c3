package io.direktiv.model;

/// Something that an author should know about a file.
///
/// @param severity errors make the definition unusable
/// @param place where the wrong token begins
/// @param message where, what is wrong, what was found, what to do, in one sentence
public record Diagnostic(Severity severity, Place place, String message) {
  /// How bad it is.
  public enum Severity {
    ERROR,
    WARNING
  }

  /// True for an error.
  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
