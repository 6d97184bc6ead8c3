package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Parses object constructions and the patterns that take values apart.
final class Objects {
  private static final String KEY = "expected a key: a name, a string, a variable or (a query)";

  private final Tokens tokens;
  private final Parser parser;

  Objects(Tokens tokens, Parser parser) {
    this.tokens = tokens;
    this.parser = parser;
  }

  Node object() throws QuerySyntaxException {
    tokens.expect("{");
    List<Node.Member> members = new ArrayList<>();
    while (!tokens.is("}")) {
      members.add(member());
      if (!tokens.skip(",")) {
        break;
      }
    }
    if (!tokens.is("}")) {
      throw notClosed();
    }
    tokens.advance();
    return new Node.ObjectOf(members);
  }

  private QuerySyntaxException notClosed() {
    return switch (tokens.kind()) {
      case NAME, STRING, VARIABLE, KEYWORD, FORMAT, NUMBER ->
          tokens.unexpected("'}'", "a comma before it, or '}'");
      case END, INVALID, OPERATOR, FIELD -> tokens.unexpected("'}'", "',' or '}'");
    };
  }

  private Node.Member member() throws QuerySyntaxException {
    Token key = tokens.now();
    return switch (key.kind()) {
      case VARIABLE -> {
        tokens.advance();
        Node value =
            key.text().equals("__loc__")
                ? new Node.Literal(parser.location(key))
                : new Node.Variable(key.text(), key.start());
        if (tokens.is(":") && !key.text().equals("__loc__")) {
          yield member(value, key);
        }
        yield new Node.Member(new Node.Literal(Json.of(key.text())), value, key.start());
      }
      case NAME, KEYWORD -> {
        tokens.advance();
        yield member(new Node.Literal(Json.of(key.text())), key);
      }
      case STRING -> member(parser.string(null), key);
      case FORMAT -> {
        Node name = parser.format();
        if (name instanceof Node.Format) {
          throw tokens.unexpected("QQSTRING_START", "a string after the format");
        }
        yield member(name, key);
      }
      case NUMBER -> {
        tokens.advance();
        yield numberKey(key);
      }
      case OPERATOR -> {
        if (!key.is("(")) {
          throw tokens.unexpected("a key: a name, a string, a variable or (a query)");
        }
        yield computed(key);
      }
      case END, INVALID, FIELD ->
          throw tokens.unexpected("a key: a name, a string, a variable or (a query)");
    };
  }

  /// The key that begins here is an expression: carets stand below it up to its colon.
  private QuerySyntaxException wantsParentheses(Token key) throws QuerySyntaxException {
    int end = key.end();
    for (int depth = 0; tokens.kind() != Token.Kind.END; tokens.advance()) {
      if (depth == 0 && (tokens.is(":") || tokens.is(",") || tokens.is("}"))) {
        break;
      }
      depth += tokens.is("(") || tokens.is("[") || tokens.is("{") ? 1 : 0;
      depth -= tokens.is(")") || tokens.is("]") || tokens.is("}") ? 1 : 0;
      end = tokens.now().end();
    }
    return tokens.error(
        "May need parentheses around object key expression",
        "as in {(.name): 1}",
        key.start(),
        end);
  }

  private Node.Member numberKey(Token key) throws QuerySyntaxException {
    QuerySyntaxException noKey = tokens.unexpectedly("", KEY, key);
    QuerySyntaxException noName = wantsParentheses(key);
    throw tokens.is(":") ? noName : noKey;
  }

  private QuerySyntaxException badKey(Json key, Token at, int end) {
    String type =
        switch (key) {
          case io.direktiv.json.JsonNull _ -> "null";
          case io.direktiv.json.JsonBoolean _ -> "boolean";
          case JsonNumber _ -> "number";
          case JsonString _ -> "string";
          case io.direktiv.json.JsonArray _ -> "array";
          case io.direktiv.json.JsonObject _ -> "object";
        };
    return tokens.error(
        "Cannot use " + type + " (" + key + ") as object key",
        "keys must be strings, as in \"key\"",
        at.start(),
        end);
  }

  private Node.Member computed(Token open) throws QuerySyntaxException {
    tokens.advance();
    final Token first = tokens.now();
    Node name = parser.pipe();
    final int end = tokens.lastEnd();
    tokens.close(")", "')'");
    if (!tokens.is(":")) {
      throw tokens.unexpected("':'", "':' after the key");
    }
    Node.Member member = member(name, open);
    constantKey(name, first, end);
    return member;
  }

  private void constantKey(Node name, Token at, int end) throws QuerySyntaxException {
    Optional<Json> constant = Imports.constant(name);
    if (constant.isPresent() && !(constant.get() instanceof JsonString)) {
      throw badKey(constant.get(), at, end);
    }
  }

  private Node.Member member(Node key, Token at) throws QuerySyntaxException {
    if (!tokens.skip(":")) {
      if (key instanceof Node.Interpolation || key instanceof Node.Literal) {
        return new Node.Member(
            key, new Node.Index(new Node.Identity(), key, at.start()), at.start());
      }
      throw wantsParentheses(at);
    }
    if (tokens.is("def") || tokens.is("label")) {
      throw tokens.unexpected("a value; put parentheses around a definition or label");
    }
    List<Node> parts = new ArrayList<>(List.of(parser.expression(Parser.LOWEST)));
    while (tokens.skip("|")) {
      parts.add(parser.expression(Parser.LOWEST));
    }
    Node value = parts.getLast();
    for (int i = parts.size() - 2; i >= 0; i--) {
      value = new Node.Pipe(parts.get(i), value);
    }
    return new Node.Member(key, value, at.start());
  }

  Node.Pattern pattern() throws QuerySyntaxException {
    tokens.enter();
    Node.Pattern pattern;
    if (tokens.kind() == Token.Kind.VARIABLE) {
      pattern = new Node.Pattern.Name(tokens.take().text());
    } else if (tokens.is("[")) {
      pattern = elements();
    } else if (tokens.is("{")) {
      pattern = members();
    } else {
      throw tokens.unexpected(
          "BINDING or '[' or '{'", "a pattern: a variable such as $name, '[' or '{'");
    }
    tokens.leave();
    return pattern;
  }

  private Node.Pattern elements() throws QuerySyntaxException {
    List<Node.Pattern> elements = new ArrayList<>();
    do {
      tokens.advance();
      elements.add(pattern());
    } while (tokens.is(","));
    tokens.expect("]", "',' or ']'");
    return new Node.Pattern.Elements(elements);
  }

  private Node.Pattern members() throws QuerySyntaxException {
    List<Node.PatternMember> members = new ArrayList<>();
    do {
      tokens.advance();
      members.add(patternMember());
    } while (tokens.is(","));
    tokens.expect("}", "',' or '}'");
    return new Node.Pattern.Members(members);
  }

  private Node.PatternMember patternMember() throws QuerySyntaxException {
    if (tokens.kind() == Token.Kind.VARIABLE) {
      String name = tokens.take().text();
      Node key = new Node.Literal(Json.of(name));
      return new Node.PatternMember(key, name, tokens.skip(":") ? pattern() : null);
    }
    Node key;
    if (tokens.kind() == Token.Kind.NAME || tokens.kind() == Token.Kind.KEYWORD) {
      key = new Node.Literal(Json.of(tokens.take().text()));
    } else if (tokens.kind() == Token.Kind.STRING) {
      key = parser.string(null);
    } else if (tokens.skip("(")) {
      final Token first = tokens.now();
      key = parser.pipe();
      constantKey(key, first, tokens.lastEnd());
      tokens.close(")", "')'");
    } else {
      throw tokens.unexpected("a key: a name, a string, a variable or (a query)");
    }
    tokens.expect(":", "':'");
    return new Node.PatternMember(key, null, pattern());
  }
}
