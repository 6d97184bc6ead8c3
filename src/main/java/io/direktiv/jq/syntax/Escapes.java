package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Escapes that follow each other in a string, which jq takes for one token.
final class Escapes {
  private static final String PAIR = "Invalid \\uXXXX\\uXXXX surrogate pair escape";

  private final String source;
  private final int start;
  private final int end;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private String wrong = "";

  /// Reads the escapes of `source` that begin at `start`.
  Escapes(String source, int start) {
    this.source = source;
    this.start = start;
    this.at = start;
    this.end = endOf(source, start);
    while (at < end && wrong.isEmpty()) {
      if (source.charAt(at) == '\\') {
        at += 2;
        wrong = escape(source.charAt(at - 1));
      } else {
        text.append(source.charAt(at++));
      }
    }
  }

  /// A `u` takes up to four letters or digits with it, whatever they are.
  private static int endOf(String source, int start) {
    int end = start;
    while (end + 1 < source.length()
        && source.charAt(end) == '\\'
        && source.charAt(end + 1) != '(') {
      end += 2;
      int last = source.charAt(end - 1) == 'u' ? Math.min(source.length(), end + 4) : end;
      while (end < last && isAlphanumeric(source.charAt(end))) {
        end++;
      }
    }
    return end;
  }

  private static boolean isAlphanumeric(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }

  /// What they stand for.
  String text() {
    return text.toString();
  }

  /// Where they end.
  int end() {
    return end;
  }

  Optional<Problem> problem() {
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    String run = "\"" + source.substring(start, end) + "\"";
    int length = run.getBytes(StandardCharsets.UTF_8).length;
    return Optional.of(
        new Problem(
            wrong + " at line 1, column " + length + " (while parsing '" + run + "')",
            "in a string a backslash stands before one of \" \\ / b f n r t u or (, write \\\\ for"
                + " a backslash",
            start,
            end));
  }

  /// Reads what follows a backslash and `c`; returns what is wrong with it, or nothing.
  private String escape(char c) {
    switch (c) {
      case '"', '\\', '/' -> text.append(c);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        return hex();
      }
      default -> {
        return "Invalid escape";
      }
    }
    return "";
  }

  private String hex() {
    if (at + 4 > end) {
      return "Invalid \\uXXXX escape";
    }
    int code = fourDigits(at);
    if (code < 0) {
      return "Invalid characters in \\uXXXX escape";
    }
    at += 4;
    if (!Character.isHighSurrogate((char) code)) {
      text.append(Character.isLowSurrogate((char) code) ? '\uFFFD' : (char) code);
      return "";
    }
    if (at + 6 > end || source.charAt(at) != '\\' || source.charAt(at + 1) != 'u') {
      return PAIR;
    }
    int low = fourDigits(at + 2);
    if (low < 0 || !Character.isLowSurrogate((char) low)) {
      return PAIR;
    }
    at += 6;
    text.append((char) code).append((char) low);
    return "";
  }

  /// The number that the four digits from `from` on spell, or -1.
  private int fourDigits(int from) {
    String digits = source.substring(from, from + 4);
    return digits.matches("[0-9a-fA-F]{4}") ? Integer.parseInt(digits, 16) : -1;
  }
}
