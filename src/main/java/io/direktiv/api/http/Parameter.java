package io.direktiv.api.http;

/// A query parameter that a route knows.
record Parameter(String name, Kind kind, String description) {
  static final Parameter LIMIT =
      new Parameter("limit", Kind.NUMBER, "How many items to return at most, 1 to 10000.");
  static final Parameter OFFSET =
      new Parameter("offset", Kind.NUMBER, "How many items to leave out, 0 or more.");

  /// What its text must be.
  enum Kind {
    TEXT,
    /// `true` or `false`.
    FLAG,
    /// A whole number.
    NUMBER,
    /// An RFC 3339 timestamp.
    TIME
  }
}
