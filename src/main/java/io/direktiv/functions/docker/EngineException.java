package io.direktiv.functions.docker;

import java.io.IOException;

/// An engine's answer that says no.
final class EngineException extends IOException {
  private static final long serialVersionUID = 1L;
  private final int status;

  EngineException(int status, String message) {
    super(message);
    this.status = status;
  }

  /// The HTTP status.
  int status() {
    return status;
  }
}
