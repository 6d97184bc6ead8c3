package io.direktiv.store;

/// The store cannot do its work: a full disk, a broken file, a closed store.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A failure that `message` explains.
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
