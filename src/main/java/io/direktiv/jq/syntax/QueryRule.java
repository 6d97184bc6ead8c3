package io.direktiv.jq.syntax;

import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// The rules of programs, definitions, pipes and operators; and those that only pass something on.
enum QueryRule implements Rule {
  NOTHING,
  FIRST,
  SECOND,
  LIST,
  APPEND,
  EMPTY_LIST,
  PREPEND,
  PREPEND_BEFORE_COMMA,
  PROGRAM,
  LIBRARY,
  MODULE,
  IMPORT_WITH_METADATA,
  IMPORT_DATA,
  IMPORT,
  INCLUDE,
  PATH,
  FUNCTION,
  FUNCTION_WITH_PARAMETERS,
  VALUE_PARAMETER,
  DEFINE,
  BIND,
  LABEL,
  PIPE,
  COMMA,
  ALTERNATIVE,
  UPDATE,
  OR,
  AND,
  BINARY;

  @Override
  public Object reduce(Parser at) {
    return switch (this) {
      case NOTHING -> null;
      case FIRST -> at.value(1);
      case SECOND -> at.value(2);
      case LIST -> append(new ArrayList<>(2), at.value(1));
      case APPEND -> append(list(at, 1), at.value(3));
      case EMPTY_LIST -> new ArrayList<>(0);
      case PREPEND -> append(list(at, 2), at.value(1));
      case PREPEND_BEFORE_COMMA -> append(list(at, 3), at.value(1));
      case PROGRAM -> program(at);
      case LIBRARY ->
          new Node.Program(
              (JsonObject) at.value(1),
              reversed(at.value(2)),
              reversed(at.value(3)),
              null,
              List.of());
      case MODULE -> metadata(at, 2);
      case IMPORT_WITH_METADATA -> withMetadata(at);
      case IMPORT_DATA, IMPORT ->
          new Node.Import(at.word(2), at.word(4), this == IMPORT_DATA, null, at.start(1), at.end());
      case INCLUDE -> new Node.Import(at.word(2), null, false, null, at.start(1), at.end());
      case PATH -> path(at);
      case FUNCTION -> new Node.Function(at.word(2), List.of(), at.node(4));
      case FUNCTION_WITH_PARAMETERS ->
          new Node.Function(at.word(2), QueryRule.<String>list(at, 4), at.node(7));
      case VALUE_PARAMETER -> "$" + at.word(1);
      case DEFINE -> new Node.Define((Node.Function) at.value(1), at.node(2));
      case BIND -> new Node.Bind(at.node(1), QueryRule.<Node.Pattern>list(at, 3), at.node(5));
      case LABEL -> new Node.Label(at.word(2), at.node(4));
      case PIPE -> new Node.Pipe(at.node(1), at.node(3));
      case COMMA -> new Node.Comma(at.node(1), at.node(3));
      case ALTERNATIVE -> new Node.Alternative(at.node(1), at.node(3));
      case UPDATE -> new Node.Update(at.source(2), at.node(1), at.node(3), at.start(2));
      case OR -> new Node.Or(at.node(1), at.node(3));
      case AND -> new Node.And(at.node(1), at.node(3));
      case BINARY -> Constants.binary(at.source(2), at.node(1), at.node(3), at.start(2));
    };
  }

  @SuppressWarnings("unchecked")
  static <T> List<T> list(Parser at, int position) {
    return (List<T>) at.value(position);
  }

  private static List<Object> append(List<Object> list, Object element) {
    list.add(element);
    return list;
  }

  /// A list that was made from its end to its beginning.
  @SuppressWarnings("unchecked")
  static <T> List<T> reversed(Object list) {
    return new ArrayList<>(((List<T>) list).reversed());
  }

  private static Node.Program program(Parser at) {
    List<Node.Function> functions = new ArrayList<>(0);
    Node body = at.node(3);
    while (body instanceof Node.Define(Node.Function function, Node rest)) {
      functions.add(function);
      body = rest;
    }
    return new Node.Program(
        (JsonObject) at.value(1), reversed(at.value(2)), functions, body, at.doubts());
  }

  private static JsonObject metadata(Parser at, int position) {
    if (at.value(position) instanceof Node.Literal constant) {
      if (constant.value() instanceof JsonObject object) {
        return object;
      }
      at.fail(
          "Module metadata must be an object",
          "as in {a: 1}",
          at.start(position),
          at.end(position));
    } else {
      at.fail(
          "Module metadata must be constant", "as in {a: 1}", at.start(position), at.end(position));
    }
    return JsonObject.EMPTY;
  }

  private static Node.Import withMetadata(Parser at) {
    Node.Import plain = (Node.Import) at.value(1);
    return new Node.Import(
        plain.path(), plain.name(), plain.isData(), metadata(at, 2), plain.at(), at.end());
  }

  private static String path(Parser at) {
    if (at.value(1) instanceof Node.Literal constant
        && constant.value() instanceof JsonString path) {
      return path.value();
    }
    at.fail(
        "Import path must be constant",
        "write the path itself, as in \"lib/text\"",
        at.start(1),
        at.end(1));
    return "";
  }
}
