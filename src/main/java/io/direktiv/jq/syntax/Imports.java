package io.direktiv.jq.syntax;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Parses what stands before the definitions: `module`, `import` and `include`.
final class Imports {
  private final Tokens tokens;
  private final Parser parser;

  Imports(Tokens tokens, Parser parser) {
    this.tokens = tokens;
    this.parser = parser;
  }

  JsonObject module() throws QuerySyntaxException {
    tokens.advance();
    return metadata();
  }

  Node.Import next() throws QuerySyntaxException {
    final boolean isInclude = tokens.is("include");
    final int start = tokens.take().start();
    String path = path();
    String name = null;
    boolean isData = false;
    if (!isInclude) {
      tokens.expect("as", "as");
      isData = tokens.kind() == Token.Kind.VARIABLE;
      if (!isData && tokens.kind() != Token.Kind.NAME) {
        throw tokens.unexpected("IDENT or BINDING", "a name for the module, or $name for data");
      }
      name = tokens.take().text();
    }
    JsonObject metadata = null;
    if (!tokens.is(";")) {
      metadata = metadata();
    } else {
      tokens.advance();
    }
    return new Node.Import(path, name, isData, metadata, start, tokens.lastEnd());
  }

  private String path() throws QuerySyntaxException {
    Token first = tokens.now();
    if (first.kind() != Token.Kind.STRING && first.kind() != Token.Kind.FORMAT) {
      throw tokens.unexpected("FORMAT or QQSTRING_START", "the module's path as a string");
    }
    Node node = first.kind() == Token.Kind.STRING ? parser.string(null) : parser.format();
    if (node instanceof Node.Literal(JsonString(String path))) {
      return path;
    }
    throw tokens.error(
        "Import path must be constant",
        "write the path itself, as in \"lib/text\"",
        first.start(),
        tokens.lastEnd());
  }

  private JsonObject metadata() throws QuerySyntaxException {
    int start = tokens.now().start();
    Optional<Json> constant = constant(parser.pipe());
    int end = tokens.lastEnd();
    tokens.close(";", "';'");
    if (constant.isEmpty()) {
      throw tokens.error("Module metadata must be constant", "as in {a: 1}", start, end);
    }
    if (constant.get() instanceof JsonObject object) {
      return object;
    }
    throw tokens.error("Module metadata must be an object", "as in {a: 1}", start, end);
  }

  /// The value of a node that is written out; its depth is bounded by the parser's.
  static Optional<Json> constant(Node node) {
    return switch (node) {
      case Node.Literal(Json value) -> Optional.of(value);
      case Node.Call(String name, List<Node> none, int _)
          when none.isEmpty() && List.of("true", "false", "null").contains(name) ->
          Optional.of(Json.parse(name));
      case Node.ArrayOf(Node body) -> array(body);
      case Node.ObjectOf(List<Node.Member> members) -> object(members);
      default -> Optional.empty();
    };
  }

  private static Optional<Json> array(Node body) {
    Deque<Json> elements = new ArrayDeque<>();
    Node rest = body;
    while (rest instanceof Node.Comma(Node left, Node right)) {
      Optional<Json> element = constant(right);
      if (element.isEmpty()) {
        return element;
      }
      elements.push(element.get());
      rest = left;
    }
    Optional<Json> first = constant(rest);
    first.ifPresent(elements::push);
    return first.map(_ -> JsonArray.of(List.copyOf(elements)));
  }

  private static Optional<Json> object(List<Node.Member> members) {
    JsonObject.Builder object = JsonObject.builder();
    for (Node.Member member : members) {
      Optional<Json> value = constant(member.value());
      if (value.isEmpty() || !(member.key() instanceof Node.Literal(JsonString(String key)))) {
        return Optional.empty();
      }
      object.put(key, value.get());
    }
    return Optional.of(object.build());
  }
}
