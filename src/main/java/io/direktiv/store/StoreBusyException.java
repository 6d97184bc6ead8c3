package io.direktiv.store;

/// The store cannot take this now: too much waits to be written, or the disk is full. Nothing of
/// the call was accepted. Try again later.
public final class StoreBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A refusal that `message` explains.
  public StoreBusyException(String message) {
    super(message);
  }
}
