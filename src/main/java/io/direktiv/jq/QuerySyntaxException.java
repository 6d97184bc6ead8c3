package io.direktiv.jq;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A text that is not a query. The message is one sentence without the position: jq's own words
/// first, then ours.
public final class QuerySyntaxException extends Exception {
  /// How jq calls the text of a query that is in no file.
  public static final String TOP_LEVEL = "<top-level>";

  private static final long serialVersionUID = 1L;
  private final String origin;
  private final transient String text;
  private final transient List<Problem> problems;

  /// One thing that is wrong.
  ///
  /// @param message jq's own words
  /// @param hint what they mean and what to do; empty for what only follows from a mistake before
  /// @param at where the offending token begins, in UTF-16 units from 0
  /// @param start where jq's carets begin, -1 when jq names no place
  /// @param end where they end
  public record Problem(String message, String hint, int at, int start, int end) {
    /// A problem whose carets begin where it is.
    public Problem(String message, String hint, int start, int end) {
      this(message, hint, start, start, end);
    }

    /// jq's words and ours.
    public String sentence() {
      return hint.isEmpty() ? message.strip() : message.strip() + "; " + hint;
    }
  }

  /// What is wrong with the `text` of `origin`, at least one problem, the first one first.
  public QuerySyntaxException(String origin, String text, List<Problem> problems) {
    super(problems.getFirst().sentence());
    this.origin = origin;
    this.text = text;
    this.problems = List.copyOf(problems);
  }

  /// One problem of a query's text.
  public static QuerySyntaxException of(String text, Problem problem) {
    return new QuerySyntaxException(TOP_LEVEL, text, List.of(problem));
  }

  /// The file of the module that is wrong, or [#TOP_LEVEL].
  public String origin() {
    return origin;
  }

  /// All that is wrong, in the order of the text.
  public List<Problem> problems() {
    return problems;
  }

  /// Where the offending token begins, in UTF-16 units from 0.
  public int offset() {
    return Math.clamp(problems.getFirst().at(), 0, text.length());
  }

  /// The line of the offending token in the text, from 1.
  public int line() {
    return line(offset());
  }

  /// The column of the offending token in its line, from 1.
  public int column() {
    return offset() - lineStart(offset()) + 1;
  }

  /// The text that jq prints: each problem with its line and carets below it, then their number.
  public String report() {
    StringBuilder report = new StringBuilder();
    for (Problem problem : problems) {
      report.append("jq: error: ").append(located(problem)).append('\n');
    }
    return report
        .append("jq: ")
        .append(problems.size())
        .append(problems.size() == 1 ? " compile error" : " compile errors")
        .toString();
  }

  /// jq's words, place, line and carets. jq counts columns in bytes.
  private String located(Problem problem) {
    if (problem.start() < 0) {
      return problem.message();
    }
    int start = Math.min(problem.start(), text.length());
    int from = lineStart(start);
    int to = text.indexOf('\n', from);
    String line = text.substring(from, to < 0 ? text.length() : to);
    int before = bytes(text.substring(from, start));
    int end = Math.clamp(problem.end(), start, from + line.length());
    int carets = Math.max(1, bytes(text.substring(start, end)));
    return problem.message()
        + " at "
        + origin
        + ", line "
        + line(start)
        + ", column "
        + (before + 1)
        + ":\n    "
        + line
        + "\n    "
        + " ".repeat(before)
        + "^".repeat(carets);
  }

  private static int bytes(String part) {
    return part.getBytes(StandardCharsets.UTF_8).length;
  }

  private int line(int offset) {
    return 1 + (int) text.chars().limit(offset).filter(c -> c == '\n').count();
  }

  private int lineStart(int offset) {
    return offset == 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  }
}
