package io.direktiv.jq;

/// An evaluation that exceeded a limit; jq's own `try` does not catch it.
public final class QueryLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// An exceeded limit, named in `message`.
  public QueryLimitException(String message) {
    super(message);
  }
}
