package io.direktiv.json;

/// A text that is not the JSON value it should be; the message says where and why.
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;

  /// An error at `line` and `column`, both counted from 1.
  public JsonException(String message, int line, int column) {
    super(message + " at line " + line + ", column " + column);
    this.line = line;
    this.column = column;
  }

  /// The line of the offending character, counted from 1.
  public int line() {
    return line;
  }

  /// The column of the offending character, counted from 1.
  public int column() {
    return column;
  }
}
