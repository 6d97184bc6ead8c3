package io.direktiv.execution;

/// Too much is under way; try again later. Nothing was accepted.
public final class OverloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A refusal; `message` names the limit.
  public OverloadException(String message) {
    super(message);
  }
}
