package io.direktiv.jq.syntax;

import java.util.Set;

/// Cuts a query into tokens, one at a time. A string token ends at its opening quote: the parser
/// reads what is inside, because that may be a query again.
final class Lexer {
  static final Set<String> KEYWORDS =
      Set.of(
          "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch",
          "label", "import", "include", "module", "and", "or", "__loc__");

  private static final String[] OPERATORS = {
    "?//=", "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..",
    "|", ",", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ":", ";", ".",
    "?", "$"
  };

  private final StringBuilder open = new StringBuilder();
  final String text;
  int at;
  private int lastStart;

  Lexer(String text) {
    this.text = text;
  }

  Token next() {
    blanks();
    int start = at;
    if (at >= text.length()) {
      return new Token(Token.Kind.END, "", start, start);
    }
    mark();
    char c = text.charAt(at);
    if (c == '"') {
      at++;
      return new Token(Token.Kind.STRING, "\"", start, at);
    }
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      return number();
    }
    if (c == '.' && isNameStart(peek(1))) {
      at++;
      return new Token(Token.Kind.FIELD, name(false), start, at);
    }
    if (c == '$' && isNameStart(peek(1))) {
      at++;
      return new Token(Token.Kind.VARIABLE, name(true), start, at);
    }
    if (c == '@' && isNameStart(peek(1))) {
      at++;
      return new Token(Token.Kind.FORMAT, name(false), start, at);
    }
    if (isNameStart(c)) {
      String name = name(true);
      return new Token(
          KEYWORDS.contains(name) ? Token.Kind.KEYWORD : Token.Kind.NAME, name, start, at);
    }
    return operator();
  }

  private Token operator() {
    int start = at;
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, at)) {
        at += operator.length();
        if (operator.equals("?//=")) {
          at--;
          return new Token(Token.Kind.OPERATOR, "?//", start, at);
        }
        Token.Kind kind = isMatched(operator) ? Token.Kind.OPERATOR : Token.Kind.INVALID;
        return new Token(kind, operator, start, at);
      }
    }
    at += Character.charCount(text.codePointAt(at));
    return new Token(Token.Kind.INVALID, text.substring(start, at), start, at);
  }

  /// Keeps track of brackets; false for one that closes nothing, which to jq is no token.
  private boolean isMatched(String operator) {
    char c = operator.charAt(0);
    if ("([{".indexOf(c) >= 0) {
      open(c);
      return true;
    }
    int closing = ")]}".indexOf(c);
    if (closing < 0) {
      return true;
    }
    int last = open.length() - 1;
    if (last < 0 || open.charAt(last) != "([{".charAt(closing)) {
      return false;
    }
    open.setLength(last);
    return true;
  }

  /// A bracket opens.
  void open(char bracket) {
    open.append(bracket);
  }

  boolean isAt(int offset, char c) {
    return offset >= 0 && offset < text.length() && text.charAt(offset) == c;
  }

  private Token number() {
    int start = at;
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
    return new Token(Token.Kind.NUMBER, text.substring(start, at), start, at);
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  private String name(boolean isQualified) {
    int start = at;
    while (isNameStart(peek(0)) || isDigit(peek(0)) || isQualifier(isQualified)) {
      at += peek(0) == ':' ? 2 : 1;
    }
    return text.substring(start, at);
  }

  private boolean isQualifier(boolean isQualified) {
    return isQualified && peek(0) == ':' && peek(1) == ':' && isNameStart(peek(2));
  }

  private void blanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        mark();
        comment();
      } else if (isBlank(c)) {
        mark();
        while (isBlank(peek(0))) {
          at++;
        }
      } else {
        return;
      }
    }
  }

  /// Skips a comment; an odd number of backslashes continues it on the next line, as in jq 1.7.1.
  private void comment() {
    while (at < text.length() && text.charAt(at) != '\n') {
      mark();
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

  char peek(int ahead) {
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

  /// Where the last token, run of blanks or comment begins.
  int lastStart() {
    return Math.min(lastStart, Math.max(0, text.length() - 1));
  }

  /// Says that what begins here is read in one piece.
  void mark() {
    lastStart = at;
  }
}
