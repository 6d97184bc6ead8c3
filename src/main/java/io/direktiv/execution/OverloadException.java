package io.direktiv.execution;

/// Too much is under way; try again later. Nothing was accepted.
public final class OverloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A refusal; `message` names the limit.
  public OverloadException(String message) {
    super(message);
  }

  /// A refusal because the server ends; what was accepted goes on after its restart.
  static OverloadException stopping() {
    return new OverloadException("the server is stopping; try again after its restart");
  }
}
