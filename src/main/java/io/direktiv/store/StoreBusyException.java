package io.direktiv.store;

/// Too much waits to be written; nothing of the call was accepted. Try again later.
public final class StoreBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A refusal that names the limit.
  public StoreBusyException() {
    super("more than " + Limits.QUEUE_MAX + " commits wait to be written; try again later");
  }
}
