package io.direktiv.jq;

import io.direktiv.json.Json;

/// An error that a query raised and did not catch; the message is jq's own.
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Json value;

  /// An error with jq's `message` and the `value` that jq's `catch` would see.
  public QueryException(String message, Json value) {
    super(message);
    this.value = value;
  }

  /// The value that jq's `catch` would see.
  public Json value() {
    return value;
  }
}
