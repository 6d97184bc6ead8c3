package io.direktiv.engine.expression;

import io.direktiv.engine.Failure;

/// A state that fails, on its way to where that is decided.
public final class StateFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  /// The state fails with `failure`.
  public StateFailure(Failure failure) {
    super(failure.error().message(), null, false, false);
    this.failure = failure;
  }

  /// The state fails with an error that a workflow may catch.
  public static StateFailure catchable(String code, String message) {
    return new StateFailure(Failure.catchable(code, message));
  }

  /// What it fails with.
  public Failure failure() {
    return failure;
  }
}
