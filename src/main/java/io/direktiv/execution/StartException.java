package io.direktiv.execution;

/// A start that is refused.
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  /// A refusal for `reason`; `message` is reference 1.3's sentence.
  public StartException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Why it is refused.
  public Reason reason() {
    return reason;
  }

  /// Why a start is refused.
  public enum Reason {
    ABSENT,
    INACTIVE,
    /// Its start type does not allow this.
    START_TYPE,
    /// The `Idempotency-Key` was used with another body.
    KEY_REUSED
  }
}
