package io.direktiv.jq;

/// A text that is not a query. The message is one sentence without the position.
public final class QuerySyntaxException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int offset;
  private final int line;
  private final int column;

  /// An error at `offset` characters into the text, which is `line` and `column` counted from 1.
  public QuerySyntaxException(String message, int offset, int line, int column) {
    super(message);
    this.offset = offset;
    this.line = line;
    this.column = column;
  }

  /// An error at `offset` characters into `text`.
  public static QuerySyntaxException at(String text, String message, int offset) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(offset, text.length()); i++) {
      boolean isNewLine = text.charAt(i) == '\n';
      line += isNewLine ? 1 : 0;
      column = isNewLine ? 1 : column + 1;
    }
    return new QuerySyntaxException(message, offset, line, column);
  }

  /// Where the offending token begins, in UTF-16 units from 0.
  public int offset() {
    return offset;
  }

  /// The line of the offending token in the query's text, from 1.
  public int line() {
    return line;
  }

  /// The column of the offending token in its line, from 1.
  public int column() {
    return column;
  }
}
