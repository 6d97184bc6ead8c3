package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// Parses object constructions and the patterns that take values apart.
final class Objects {
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
        if (tokens.is(":")) {
          yield member(value, key);
        }
        yield new Node.Member(new Node.Literal(Json.of(key.text())), value);
      }
      case NAME, KEYWORD -> {
        tokens.advance();
        yield member(new Node.Literal(Json.of(key.text())), key);
      }
      case STRING -> member(parser.string(null), key);
      case FORMAT -> {
        Node name = parser.format();
        if (name instanceof Node.Format) {
          throw tokens.unexpected("a string after the format");
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

  private Node.Member numberKey(Token key) throws QuerySyntaxException {
    if (!tokens.is(":")) {
      throw tokens.error("May need parentheses around object key expression", key);
    }
    throw badKey(JsonNumber.literal(key.text()), key);
  }

  private QuerySyntaxException badKey(Json key, Token at) {
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
        "Cannot use " + type + " (" + key + ") as object key; keys must be strings, as in \"key\"",
        at);
  }

  private Node.Member computed(Token open) throws QuerySyntaxException {
    tokens.advance();
    final Token first = tokens.now();
    Node name = parser.pipe();
    tokens.expect(")");
    constantKey(name, first);
    if (!tokens.is(":")) {
      throw tokens.unexpected("':' after the key");
    }
    return member(name, open);
  }

  private void constantKey(Node name, Token at) throws QuerySyntaxException {
    if (name instanceof Node.Literal(Json value) && !(value instanceof JsonString)) {
      throw badKey(value, at);
    }
    boolean isWord =
        name instanceof Node.Call(String word, List<Node> none, int _)
            && none.isEmpty()
            && (word.equals("true") || word.equals("false") || word.equals("null"));
    if (isWord) {
      throw badKey(Json.parse(((Node.Call) name).name()), at);
    }
  }

  private Node.Member member(Node key, Token at) throws QuerySyntaxException {
    if (!tokens.skip(":")) {
      if (key instanceof Node.Interpolation || key instanceof Node.Literal) {
        return new Node.Member(key, new Node.Index(new Node.Identity(), key));
      }
      throw tokens.error("May need parentheses around object key expression", at);
    }
    List<Node> parts = new ArrayList<>(List.of(parser.expression(Parser.LOWEST)));
    while (tokens.skip("|")) {
      parts.add(parser.expression(Parser.LOWEST));
    }
    Node value = parts.getLast();
    for (int i = parts.size() - 2; i >= 0; i--) {
      value = new Node.Pipe(parts.get(i), value);
    }
    return new Node.Member(key, value);
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
    tokens.expect("]");
    return new Node.Pattern.Elements(elements);
  }

  private Node.Pattern members() throws QuerySyntaxException {
    List<Node.PatternMember> members = new ArrayList<>();
    do {
      tokens.advance();
      members.add(patternMember());
    } while (tokens.is(","));
    tokens.expect("}");
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
      tokens.expect(")");
      constantKey(key, first);
    } else {
      throw tokens.unexpected("a key: a name, a string, a variable or (a query)");
    }
    tokens.expect(":");
    return new Node.PatternMember(key, null, pattern());
  }
}
