package io.direktiv.client;

/// A call that did not end well.
public final class GrpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Code code;

  /// A failure with the sentence that the user reads.
  public GrpcException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /// How it ended.
  public Code code() {
    return code;
  }
}
