package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Escapes that follow each other in a string, which jq takes for one token.
final class Escapes {
  private static final String PAIR = "Invalid \\uXXXX\\uXXXX surrogate pair escape";
  private static final int TOO_FEW = -1;
  private static final int NO_DIGITS = -2;

  private final String source;
  private final int start;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private String wrong = "";

  /// Reads the escapes of `source` that begin at `start`.
  Escapes(String source, int start) {
    this.source = source;
    this.start = start;
    this.at = start;
    while (peek(0) == '\\' && peek(1) != '(' && at + 1 < source.length()) {
      at += 2;
      String found = escape();
      wrong = wrong.isEmpty() ? found : wrong;
    }
  }

  /// What they stand for.
  String text() {
    return text.toString();
  }

  /// Where they end.
  int end() {
    return at;
  }

  Optional<Problem> problem() {
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    String run = "\"" + source.substring(start, at) + "\"";
    int length = run.getBytes(StandardCharsets.UTF_8).length;
    return Optional.of(
        new Problem(
            wrong + " at line 1, column " + length + " (while parsing '" + run + "')",
            "in a string a backslash stands before one of \" \\ / b f n r t u or (, write \\\\ for"
                + " a backslash",
            start,
            at));
  }

  /// Reads what follows a backslash; returns what is wrong with it, or nothing.
  private String escape() {
    char c = source.charAt(at - 1);
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
    int code = fourDigits();
    if (code < 0) {
      return code == TOO_FEW ? "Invalid \\uXXXX escape" : "Invalid characters in \\uXXXX escape";
    }
    if (!Character.isHighSurrogate((char) code)) {
      text.append(Character.isLowSurrogate((char) code) ? '\uFFFD' : (char) code);
      return "";
    }
    if (peek(0) != '\\' || peek(1) != 'u') {
      return PAIR;
    }
    at += 2;
    int low = fourDigits();
    text.append((char) code).append((char) low);
    return low >= 0 && Character.isLowSurrogate((char) low) ? "" : PAIR;
  }

  /// The number that four hexadecimal digits spell, or what is wrong; skips what jq takes for them.
  private int fourDigits() {
    int from = at;
    while (at < from + 4 && peek(0) < 128 && Character.isLetterOrDigit(peek(0))) {
      at++;
    }
    String digits = source.substring(from, at);
    if (digits.length() < 4) {
      return TOO_FEW;
    }
    return digits.matches("[0-9a-fA-F]{4}") ? Integer.parseInt(digits, 16) : NO_DIGITS;
  }

  private char peek(int ahead) {
    return at + ahead < source.length() ? source.charAt(at + ahead) : '\0';
  }
}
