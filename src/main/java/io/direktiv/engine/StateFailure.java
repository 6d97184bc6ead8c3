package io.direktiv.engine;

/// A state that fails, on its way to where that is decided.
final class StateFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  StateFailure(Failure failure) {
    super(failure.error().message(), null, false, false);
    this.failure = failure;
  }

  static StateFailure catchable(String code, String message) {
    return new StateFailure(Failure.catchable(code, message));
  }

  Failure failure() {
    return failure;
  }
}
