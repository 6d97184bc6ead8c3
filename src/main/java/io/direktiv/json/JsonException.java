package io.direktiv.json;

/// A text that is not the JSON value it should be; the message says where and why.
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;
  private final boolean isLimit;

  /// An error at `line` and `column`, both counted from 1.
  public JsonException(String message, int line, int column) {
    this(message, line, column, false);
  }

  /// An error; `isLimit` says that the text may be JSON, but exceeds [JsonLimits].
  JsonException(String message, int line, int column, boolean isLimit) {
    super(message + " at line " + line + ", column " + column);
    this.line = line;
    this.column = column;
    this.isLimit = isLimit;
  }

  /// The line of the offending character, counted from 1.
  public int line() {
    return line;
  }

  /// The column of the offending character, counted from 1.
  public int column() {
    return column;
  }

  /// True when the text may be JSON, but exceeds [JsonLimits].
  public boolean isLimit() {
    return isLimit;
  }
}
