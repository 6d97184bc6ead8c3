package io.direktiv.api.http.exchange;

/// A query parameter that a route knows.
public record Parameter(String name, Kind kind, String description) {
  public static final Parameter LIMIT =
      new Parameter("limit", Kind.NUMBER, "How many items to return at most, 1 to 10000.");
  public static final Parameter OFFSET =
      new Parameter("offset", Kind.NUMBER, "How many items to leave out, 0 or more.");

  /// What its text must be.
  public enum Kind {
    TEXT,
    /// `true` or `false`.
    FLAG,
    /// A whole number.
    NUMBER,
    /// An RFC 3339 timestamp.
    TIME
  }
}
