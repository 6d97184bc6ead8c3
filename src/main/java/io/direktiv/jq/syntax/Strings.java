package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import java.util.ArrayList;
import java.util.List;

/// Parses strings, their escapes and what is interpolated into them.
final class Strings {
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
        throw tokens.error(
            "syntax error, unexpected end of file, expecting QQSTRING_TEXT or"
                + " QQSTRING_INTERP_START or QQSTRING_END; the string that begins here is not"
                + " closed, put '\"' at its end",
            open);
      }
      char c = lexer.text.charAt(lexer.at++);
      if (c == '"') {
        break;
      }
      if (c != '\\') {
        text.append(c);
      } else if (lexer.peek(0) == '(') {
        lexer.open('(');
        lexer.at++;
        parts.add(new Node.Literal(Json.of(text.toString())));
        text.setLength(0);
        parts.add(interpolated());
      } else {
        escape(text);
      }
    }
    tokens.advance();
    if (parts.isEmpty()) {
      return new Node.Literal(Json.of(text.toString()));
    }
    parts.add(new Node.Literal(Json.of(text.toString())));
    return new Node.Interpolation(format, parts);
  }

  private Node interpolated() throws QuerySyntaxException {
    tokens.advance();
    Node node = parser.pipe();
    if (!tokens.is(")")) {
      throw tokens.unexpected("')', which ends what is put into the string");
    }
    return node;
  }

  private void escape(StringBuilder text) throws QuerySyntaxException {
    Lexer lexer = tokens.lexer;
    char c = lexer.peek(0);
    int start = lexer.at - 1;
    lexer.at++;
    switch (c) {
      case '"', '\\', '/' -> text.append(c);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> text.append(hex(start));
      default ->
          throw lexer.error(
              "Invalid escape at line 1, column 4 (while parsing '\"\\"
                  + c
                  + "\"'); in a string a backslash stands before one of \" \\ / b f n r t u or (,"
                  + " write \\\\ for a backslash",
              start);
    }
  }

  private char hex(int start) throws QuerySyntaxException {
    Lexer lexer = tokens.lexer;
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(lexer.peek(0), 16);
      if (digit < 0) {
        throw lexer.error("expected four hexadecimal digits after \\u", start);
      }
      code = code * 16 + digit;
      lexer.at++;
    }
    return (char) code;
  }
}
