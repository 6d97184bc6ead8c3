package io.direktiv.jq.syntax;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;

/// The tokens of a query as the parsers share them: the present one, the way to the next, and the
/// errors. A message begins with jq's own words and ends with ours.
final class Tokens {
  final Lexer lexer;
  private Token now;
  private int lastEnd;
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
    lastEnd = now == null ? 0 : now.end();
    now = lexer.next();
  }

  /// Where the token before the present one ends.
  int lastEnd() {
    return lastEnd;
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
    expect(operator, "");
  }

  /// Skips `operator`, or else fails with jq's list of what it expects there.
  void expect(String operator, String expecting) throws QuerySyntaxException {
    if (!skip(operator)) {
      throw unexpected(expecting, "'" + operator + "'");
    }
  }

  /// Skips what ends a query inside brackets; `closing` is how jq names it.
  void close(String operator, String closing) throws QuerySyntaxException {
    expect(operator, "'|' or ',' or " + closing);
  }

  /// Counts a level of nesting, until [#leave].
  void enter() throws QuerySyntaxException {
    if (++depth > Limits.PARSE_DEPTH_MAX) {
      throw error(
          "the query is nested deeper than the limit of " + Limits.PARSE_DEPTH_MAX + " levels",
          "",
          now.start(),
          now.end());
    }
  }

  void leave() {
    depth--;
  }

  QuerySyntaxException error(String message, String hint, Token at) {
    return error(message, hint, at.start(), at.end());
  }

  QuerySyntaxException error(String message, String hint, int start, int end) {
    return QuerySyntaxException.of(lexer.text, new Problem(message, hint, start, end));
  }

  QuerySyntaxException unexpected(String wanted) {
    return unexpected("", wanted);
  }

  /// The present token is wrong: `expecting` is jq's list, empty when jq has none; `wanted` ours.
  QuerySyntaxException unexpected(String expecting, String wanted) {
    String found =
        kind() == Token.Kind.END
            ? "the query ends here"
            : "found '" + lexer.text.substring(now.start(), now.end()) + "'";
    return unexpectedly(expecting, found + ", expected " + wanted, now);
  }

  /// The token `bad` is wrong. At the end jq points at what it read last, be it a blank.
  QuerySyntaxException unexpectedly(String expecting, String hint, Token bad) {
    String list = expecting.isEmpty() ? "" : ", expecting " + expecting;
    boolean isEnd = bad.kind() == Token.Kind.END;
    return QuerySyntaxException.of(
        lexer.text,
        new Problem(
            "syntax error, unexpected " + jqName(bad) + list,
            hint,
            bad.start(),
            isEnd ? lexer.lastStart() : bad.start(),
            isEnd ? lexer.text.length() : bad.end()));
  }

  /// What jq calls a token.
  private static String jqName(Token token) {
    return switch (token.kind()) {
      case END -> "end of file";
      case INVALID -> "INVALID_CHARACTER";
      case NAME -> "IDENT";
      case FIELD -> "FIELD";
      case VARIABLE -> "BINDING";
      case FORMAT -> "FORMAT";
      case NUMBER -> "LITERAL";
      case STRING -> "QQSTRING_START";
      case KEYWORD -> token.text();
      case OPERATOR -> token.text().length() == 1 ? "'" + token.text() + "'" : token.text();
    };
  }
}
