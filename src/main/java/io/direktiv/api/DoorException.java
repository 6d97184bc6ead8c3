package io.direktiv.api;

/// A door that cannot be opened. The message is one sentence that says what to do.
public final class DoorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A door that failed to open.
  public DoorException(String message, Throwable cause) {
    super(message, cause);
  }
}
