package io.direktiv.engine;

/// An error and what may become of it.
public record Failure(WorkflowError error, Kind kind) {
  /// What may become of an error.
  public enum Kind {
    /// A `catch` may handle it.
    CATCHABLE,
    /// The instance fails.
    UNCATCHABLE,
    /// A bug or a broken world: the instance crashes.
    INTERNAL
  }

  /// A catchable error.
  public static Failure catchable(String code, String message) {
    return new Failure(new WorkflowError(code, message), Kind.CATCHABLE);
  }

  /// An error that ends the instance as failed.
  public static Failure uncatchable(String code, String message) {
    return new Failure(new WorkflowError(code, message), Kind.UNCATCHABLE);
  }

  /// An error that ends the instance as crashed; the message is for its log.
  public static Failure internal(String message) {
    return new Failure(new WorkflowError(Codes.INTERNAL, message), Kind.INTERNAL);
  }
}
