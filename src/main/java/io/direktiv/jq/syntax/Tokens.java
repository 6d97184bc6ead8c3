package io.direktiv.jq.syntax;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QuerySyntaxException;

/// The tokens of a query as the parsers share them: the present one, the way to the next, and the
/// errors. A message begins with jq's own words and ends with ours.
final class Tokens {
  final Lexer lexer;
  private Token now;
  private int depth;

  Tokens(String text) throws QuerySyntaxException {
    this.lexer = new Lexer(text);
    advance();
  }

  Token now() {
    return now;
  }

  Token.Kind kind() {
    return now.kind();
  }

  boolean is(String operator) {
    return now.is(operator);
  }

  /// The present token; the next one becomes the present one.
  Token take() throws QuerySyntaxException {
    Token taken = now;
    advance();
    return taken;
  }

  void advance() throws QuerySyntaxException {
    now = lexer.next();
  }

  /// Goes on with `token` instead of the present one.
  void replace(Token token) {
    now = token;
  }

  /// Skips `operator` when it is the present token.
  boolean skip(String operator) throws QuerySyntaxException {
    if (!is(operator)) {
      return false;
    }
    advance();
    return true;
  }

  void expect(String operator) throws QuerySyntaxException {
    if (!skip(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  /// Counts a level of nesting, until [#leave].
  void enter() throws QuerySyntaxException {
    if (++depth > Limits.PARSE_DEPTH_MAX) {
      throw lexer.error(
          "the query is nested deeper than the limit of " + Limits.PARSE_DEPTH_MAX + " levels",
          now.start());
    }
  }

  void leave() {
    depth--;
  }

  QuerySyntaxException error(String message, Token at) {
    return lexer.error(message, at.start());
  }

  QuerySyntaxException unexpected(String wanted) {
    return unexpected("", wanted);
  }

  /// The present token is wrong: `expecting` is jq's list, empty when jq has none; `wanted` ours.
  QuerySyntaxException unexpected(String expecting, String wanted) {
    String list = expecting.isEmpty() ? "" : ", expecting " + expecting;
    String found =
        kind() == Token.Kind.END
            ? "the query ends here"
            : "found '" + lexer.text.substring(now.start(), now.end()) + "'";
    return lexer.error(
        "syntax error, unexpected " + jqName() + list + "; " + found + ", expected " + wanted,
        now.start());
  }

  /// What jq calls the present token.
  private String jqName() {
    return switch (kind()) {
      case END -> "end of file";
      case INVALID -> "INVALID_CHARACTER";
      case NAME -> "IDENT";
      case FIELD -> "FIELD";
      case VARIABLE -> "BINDING";
      case FORMAT -> "FORMAT";
      case NUMBER -> "LITERAL";
      case STRING -> "QQSTRING_START";
      case KEYWORD -> now.text();
      case OPERATOR -> now.text().length() == 1 ? "'" + now.text() + "'" : now.text();
    };
  }
}
