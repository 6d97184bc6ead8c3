package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException.Problem;
import java.util.List;

/// Cuts a query into tokens, one at a time. Brackets and strings that are open are kept, because
/// what a character means depends on them.
final class Lexer {
  private static final char STRING = '"';
  private static final char INTERPOLATION = '\\';

  private final String text;
  private final List<Problem> problems;
  private final StringBuilder open = new StringBuilder();
  private int at;

  /// Where the present token begins and ends; at the end, what was read last, be it a blank.
  int start;

  int end;

  /// A name, the text of a literal, or what a part of a string comes to.
  String value;

  Lexer(String text, List<Problem> problems) {
    this.text = text;
    this.problems = problems;
  }

  /// Goes to the next token.
  Terminal next() {
    value = null;
    boolean isInString = !open.isEmpty() && open.charAt(open.length() - 1) == STRING;
    if (!isInString) {
      blanks();
    }
    if (at >= text.length()) {
      return Terminal.END;
    }
    start = at;
    Terminal token = isInString ? inString() : outside();
    end = at;
    return token;
  }

  private Terminal outside() {
    char c = text.charAt(at);
    if (isNameStart(c)) {
      value = name(at, true);
      return Terminal.ofWord(value);
    }
    return switch (c) {
      case '"' -> {
        at++;
        open.append(STRING);
        yield Terminal.STRING_START;
      }
      case '.' -> dot();
      case '$' -> variable();
      case '@' -> format();
      case '(', '[', '{' -> opening(c);
      case ')', ']', '}' -> closing(c);
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> operator(c);
    };
  }

  private Terminal dot() {
    if (isNameStart(peek(1))) {
      value = name(at + 1, false);
      return Terminal.FIELD;
    }
    if (isDigit(peek(1))) {
      return number();
    }
    return peek(1) == '.' ? token(Terminal.RECURSE, 2) : token(Terminal.DOT, 1);
  }

  private Terminal variable() {
    if (!isNameStart(peek(1))) {
      return token(Terminal.DOLLAR, 1);
    }
    value = name(at + 1, true);
    return value.equals("__loc__") ? Terminal.LOCATION : Terminal.BINDING;
  }

  private Terminal format() {
    int from = ++at;
    while (isNameStart(peek(0)) || isDigit(peek(0))) {
      at++;
    }
    value = text.substring(from, at);
    return value.isEmpty() ? Terminal.INVALID : Terminal.FORMAT;
  }

  private Terminal operator(char c) {
    boolean isSet = peek(1) == '=';
    return switch (c) {
      case '|' -> isSet ? token(Terminal.SET_PIPE, 2) : token(Terminal.PIPE, 1);
      case '+' -> isSet ? token(Terminal.SET_PLUS, 2) : token(Terminal.PLUS, 1);
      case '-' -> isSet ? token(Terminal.SET_MINUS, 2) : token(Terminal.MINUS, 1);
      case '*' -> isSet ? token(Terminal.SET_TIMES, 2) : token(Terminal.TIMES, 1);
      case '%' -> isSet ? token(Terminal.SET_MODULO, 2) : token(Terminal.MODULO, 1);
      case '<' -> isSet ? token(Terminal.LESS_EQUAL, 2) : token(Terminal.LESS, 1);
      case '>' -> isSet ? token(Terminal.GREATER_EQUAL, 2) : token(Terminal.GREATER, 1);
      case '=' -> isSet ? token(Terminal.EQUAL, 2) : token(Terminal.SET, 1);
      case '!' -> isSet ? token(Terminal.NOT_EQUAL, 2) : invalid();
      case '/' -> slash(isSet);
      case '?' ->
          peek(1) == '/' && peek(2) == '/'
              ? token(Terminal.ALTERNATION, 3)
              : token(Terminal.QUESTION, 1);
      case ',' -> token(Terminal.COMMA, 1);
      case ';' -> token(Terminal.SEMICOLON, 1);
      case ':' -> token(Terminal.COLON, 1);
      default -> invalid();
    };
  }

  private Terminal slash(boolean isSet) {
    if (isSet) {
      return token(Terminal.SET_DIVIDE, 2);
    }
    if (peek(1) != '/') {
      return token(Terminal.DIVIDE, 1);
    }
    return peek(2) == '=' ? token(Terminal.SET_DEFINED_OR, 3) : token(Terminal.DEFINED_OR, 2);
  }

  private Terminal token(Terminal token, int length) {
    at += length;
    return token;
  }

  private Terminal invalid() {
    at += Character.charCount(text.codePointAt(at));
    return Terminal.INVALID;
  }

  private Terminal opening(char bracket) {
    open.append(bracket);
    at++;
    return switch (bracket) {
      case '(' -> Terminal.OPEN_PARENTHESIS;
      case '[' -> Terminal.OPEN_BRACKET;
      default -> Terminal.OPEN_BRACE;
    };
  }

  /// A bracket that closes nothing, or something else, is to jq no token.
  private Terminal closing(char bracket) {
    at++;
    int last = open.length() - 1;
    char opened = last < 0 ? ' ' : open.charAt(last);
    Terminal token =
        switch (bracket) {
          case ')' ->
              opened == INTERPOLATION ? Terminal.INTERPOLATION_END : Terminal.CLOSE_PARENTHESIS;
          case ']' -> Terminal.CLOSE_BRACKET;
          default -> Terminal.CLOSE_BRACE;
        };
    char wanted =
        switch (token) {
          case INTERPOLATION_END -> INTERPOLATION;
          case CLOSE_PARENTHESIS -> '(';
          case CLOSE_BRACKET -> '[';
          default -> '{';
        };
    if (opened != wanted) {
      return Terminal.INVALID;
    }
    open.setLength(last);
    return token;
  }

  private Terminal inString() {
    char c = text.charAt(at);
    if (c == '"') {
      open.setLength(open.length() - 1);
      return token(Terminal.STRING_END, 1);
    }
    if (c != '\\') {
      while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
        at++;
      }
      value = text.substring(start, at);
      return Terminal.STRING_TEXT;
    }
    if (peek(1) == '(') {
      open.append(INTERPOLATION);
      return token(Terminal.INTERPOLATION_START, 2);
    }
    if (at + 1 >= text.length()) {
      return token(Terminal.INVALID, 1);
    }
    Escapes escapes = new Escapes(text, at);
    at = escapes.end();
    value = escapes.text();
    escapes.problem().ifPresent(problems::add);
    return Terminal.STRING_TEXT;
  }

  private Terminal number() {
    digits();
    if (peek(0) == '.') {
      at++;
      digits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      int mark = at++;
      if (peek(0) == '+' || peek(0) == '-') {
        at++;
      }
      if (!isDigit(peek(0))) {
        at = mark;
      }
      digits();
    }
    value = text.substring(start, at);
    return Terminal.LITERAL;
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  private String name(int from, boolean isQualified) {
    at = from;
    while (isNameStart(peek(0)) || isDigit(peek(0)) || isQualifier(isQualified)) {
      at += peek(0) == ':' ? 2 : 1;
    }
    return text.substring(from, at);
  }

  private boolean isQualifier(boolean isQualified) {
    return isQualified && peek(0) == ':' && peek(1) == ':' && isNameStart(peek(2));
  }

  private void blanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        start = at;
        comment();
      } else if (isBlank(c)) {
        start = at;
        while (isBlank(peek(0))) {
          at++;
        }
      } else {
        return;
      }
      end = at;
    }
  }

  /// Skips a comment; an odd number of backslashes continues it on the next line, as in jq 1.7.1.
  private void comment() {
    while (at < text.length() && text.charAt(at) != '\n') {
      start = at;
      if (text.charAt(at) == '\\') {
        at++;
        if (peek(0) == '\r' && peek(1) == '\n') {
          at++;
        }
      }
      at++;
    }
    at = Math.min(at, text.length());
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }
}
