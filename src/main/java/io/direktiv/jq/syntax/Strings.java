package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;
import io.direktiv.json.Json;
import io.direktiv.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Parses strings, their escapes and what is interpolated into them.
final class Strings {
  private static final String PAIR = "Invalid \\uXXXX\\uXXXX surrogate pair escape";

  private final Tokens tokens;
  private final Parser parser;

  Strings(Tokens tokens, Parser parser) {
    this.tokens = tokens;
    this.parser = parser;
  }

  /// Reads the string whose opening quote is the present token.
  Node string(String format) throws QuerySyntaxException {
    Lexer lexer = tokens.lexer;
    List<Node> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Token open = tokens.now();
    while (true) {
      if (lexer.at >= lexer.text.length()) {
        throw notClosed(open);
      }
      lexer.mark();
      char c = lexer.peek(0);
      if (c == '"') {
        lexer.at++;
        break;
      }
      if (c != '\\') {
        plain(text);
      } else if (lexer.peek(1) == '(') {
        lexer.open('(');
        lexer.at += 2;
        parts.add(new Node.Literal(Json.of(text.toString())));
        text.setLength(0);
        Node part = interpolated();
        boolean isText = part instanceof Node.Literal(Json value) && value instanceof JsonString;
        parts.add(isText ? new Node.Pipe(new Node.Identity(), part) : part);
      } else {
        escapes(text);
      }
    }
    tokens.replace(new Token(Token.Kind.STRING, "\"", open.start(), lexer.at));
    tokens.advance();
    if (parts.isEmpty()) {
      return new Node.Literal(Json.of(text.toString()));
    }
    parts.add(new Node.Literal(Json.of(text.toString())));
    return new Node.Interpolation(format, parts, open.start());
  }

  private QuerySyntaxException notClosed(Token open) {
    int end = tokens.lexer.text.length();
    return QuerySyntaxException.of(
        tokens.lexer.text,
        new Problem(
            "syntax error, unexpected end of file, expecting QQSTRING_TEXT or"
                + " QQSTRING_INTERP_START or QQSTRING_END",
            "the string that begins here is not closed, put '\"' at its end",
            open.start(),
            tokens.lexer.lastStart(),
            end));
  }

  private void plain(StringBuilder text) {
    Lexer lexer = tokens.lexer;
    int start = lexer.at;
    while (lexer.at < lexer.text.length() && lexer.peek(0) != '"' && lexer.peek(0) != '\\') {
      lexer.at++;
    }
    text.append(lexer.text, start, lexer.at);
  }

  private Node interpolated() throws QuerySyntaxException {
    tokens.advance();
    Node node = parser.pipe();
    if (!tokens.is(")")) {
      throw tokens.unexpected(
          "QQSTRING_INTERP_END or '|' or ','", "')', which ends what is put into the string");
    }
    return node;
  }

  /// Reads escapes that follow each other, which jq takes for one token.
  private void escapes(StringBuilder text) throws QuerySyntaxException {
    Lexer lexer = tokens.lexer;
    int start = lexer.at;
    String wrong = "";
    while (lexer.peek(0) == '\\' && lexer.peek(1) != '(') {
      if (lexer.at + 1 >= lexer.text.length()) {
        throw tokens.unexpectedly(
            "QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END",
            "a backslash cannot end the query",
            new Token(Token.Kind.INVALID, "\\", lexer.at, lexer.at + 1));
      }
      lexer.at += 2;
      String found = escape(text);
      wrong = wrong.isEmpty() ? found : wrong;
    }
    if (!wrong.isEmpty()) {
      String run = "\"" + lexer.text.substring(start, lexer.at) + "\"";
      int length = run.getBytes(StandardCharsets.UTF_8).length;
      throw tokens.error(
          wrong + " at line 1, column " + length + " (while parsing '" + run + "')",
          "in a string a backslash stands before one of \" \\ / b f n r t u or (, write \\\\ for a"
              + " backslash",
          start,
          lexer.at);
    }
  }

  /// Reads what follows a backslash; returns what is wrong with it, or nothing.
  private String escape(StringBuilder text) {
    char c = tokens.lexer.text.charAt(tokens.lexer.at - 1);
    switch (c) {
      case '"', '\\', '/' -> text.append(c);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        return hex(text);
      }
      default -> {
        return "Invalid escape";
      }
    }
    return "";
  }

  private String hex(StringBuilder text) {
    Lexer lexer = tokens.lexer;
    int code = fourDigits();
    if (code < 0) {
      return "Invalid \\uXXXX escape";
    }
    if (!Character.isHighSurrogate((char) code)) {
      text.append(Character.isLowSurrogate((char) code) ? '\uFFFD' : (char) code);
      return "";
    }
    if (lexer.peek(0) != '\\' || lexer.peek(1) != 'u') {
      return PAIR;
    }
    lexer.at += 2;
    int low = fourDigits();
    text.append((char) code).append((char) low);
    return low >= 0 && Character.isLowSurrogate((char) low) ? "" : PAIR;
  }

  /// The number that four hexadecimal digits spell, or -1; skips what jq takes for its digits.
  private int fourDigits() {
    Lexer lexer = tokens.lexer;
    int start = lexer.at;
    while (lexer.at < start + 4
        && lexer.peek(0) < 128
        && Character.isLetterOrDigit(lexer.peek(0))) {
      lexer.at++;
    }
    String digits = lexer.text.substring(start, lexer.at);
    return digits.matches("[0-9a-fA-F]{4}") ? Integer.parseInt(digits, 16) : -1;
  }
}
