package io.direktiv.secrets;

/// A secret that cannot be decrypted; the message never quotes it.
public final class VaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A failure that `message` explains.
  public VaultException(String message, Throwable cause) {
    super(message, cause);
  }
}
