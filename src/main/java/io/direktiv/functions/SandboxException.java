package io.direktiv.functions;

/// A sandbox that could not be made. The message says what, why, and what to do.
public final class SandboxException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  /// A failure with the error `code` that the workflow sees.
  public SandboxException(String code, String message) {
    super(message);
    this.code = code;
  }

  /// The error code that the workflow sees.
  public String code() {
    return code;
  }
}
