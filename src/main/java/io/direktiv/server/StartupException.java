package io.direktiv.server;

/// A server that cannot start. The message is one sentence that begins with a code of
/// `docs/errors/` and says what to do.
public final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
