package io.direktiv.json.texts;

/// A text that is not JSON; the message is jq's, with line and column.
public final class JsonTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// An error that jq describes by `message`.
  public JsonTextException(String message) {
    super(message, null, false, false);
  }
}
