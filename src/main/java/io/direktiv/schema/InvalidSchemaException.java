package io.direktiv.schema;

/// A value that is not a JSON schema; the message says why.
public final class InvalidSchemaException extends Exception {
  private static final long serialVersionUID = 1L;

  /// A refusal for the reason in `message`.
  public InvalidSchemaException(String message) {
    super(message);
  }
}
