package io.direktiv.jq;

/// The fixed limits of queries; what may vary stands in [QueryLimits].
public final class Limits {
  /// The deepest nesting of a query's text: brackets, `if`, `try`, definitions, … in each other.
  public static final int PARSE_DEPTH_MAX = 10_000;

  /// The most mistakes that are looked for in one text.
  public static final int PROBLEMS_MAX = 1_000;

  /// How many modules may import each other in a row.
  public static final int MODULE_DEPTH_MAX = 64;

  /// The longest query in characters.
  public static final int QUERY_CHARS_MAX = 1 << 20;

  /// The deepest call of functions, and the most points to come back to, at one time.
  public static final int DEPTH_MAX = 4_000_000;

  /// The deepest path or value that a comparison or a path walks.
  public static final int VALUE_DEPTH_MAX = 10_000;

  /// The longest text that a regular expression searches, in characters: its engine remembers where
  /// it may come back to, which costs up to some hundred bytes for each character.
  public static final int REGEX_TEXT_CHARS_MAX = 1 << 20;

  /// The longest regular expression in characters.
  public static final int REGEX_CHARS_MAX = 10_000;

  private Limits() {}
}
