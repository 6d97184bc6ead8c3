package io.direktiv.jq;

import io.direktiv.json.Json;

/// An error that a query raised and did not catch; the message is jq's own.
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Json value;
  private int offset = -1;

  /// An error with jq's `message` and the `value` that jq's `catch` would see.
  public QueryException(String message, Json value) {
    // Queries raise errors to catch them: where the host is then says nothing, and costs much.
    super(message, null, false, false);
    this.value = value;
  }

  /// The value that jq's `catch` would see.
  public Json value() {
    return value;
  }

  /// Says where in the query's text the part begins that raised this, in UTF-16 units from 0; what
  /// was said first stays. Returns this.
  public QueryException at(int offset) {
    if (this.offset < 0) {
      this.offset = offset;
    }
    return this;
  }

  /// Where in the query's text the part begins that raised this; -1 when that is not known.
  public int offset() {
    return offset;
  }
}
