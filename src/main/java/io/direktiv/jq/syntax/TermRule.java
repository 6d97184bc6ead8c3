package io.direktiv.jq.syntax;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// The rules of what operators stand between.
enum TermRule implements Rule {
  IDENTITY,
  RECURSE,
  BREAK,
  BREAK_NOWHERE,
  FIELD,
  FIELD_OR_NONE,
  FIELD_OF,
  FIELD_OF_OR_NONE,
  TEXT_FIELD,
  TEXT_FIELD_OR_NONE,
  TEXT_FIELD_OF,
  TEXT_FIELD_OF_OR_NONE,
  UNUSUAL_FIELD,
  INDEX,
  INDEX_OR_NONE,
  DOT_INDEX,
  DOT_INDEX_OR_NONE,
  ITERATE,
  ITERATE_OR_NONE,
  DOT_ITERATE,
  DOT_ITERATE_OR_NONE,
  SLICE,
  SLICE_OR_NONE,
  SLICE_FROM,
  SLICE_FROM_OR_NONE,
  SLICE_TO,
  SLICE_TO_OR_NONE,
  OR_NONE,
  LITERAL,
  FORMAT,
  TEXT,
  FORMATTED_TEXT,
  NO_PARTS,
  TEXT_PART,
  QUERY_PART,
  NEGATE,
  ARRAY,
  EMPTY_ARRAY,
  REDUCE,
  FOREACH,
  FOREACH_WITH_EXTRACT,
  IF,
  IF_WITHOUT_END,
  TRY,
  TRY_CATCH,
  TRY_WITHOUT_END,
  VARIABLE,
  LAST_VARIABLE,
  LOCATION,
  NAME,
  CALL;

  @Override
  public Object reduce(Parser at) {
    return switch (this) {
      case IDENTITY -> new Node.Identity();
      case RECURSE -> new Node.RecurseAll();
      case FIELD -> field(new Node.Identity(), at, 1);
      case FIELD_OF -> field(at.node(1), at, 2);
      case TEXT_FIELD -> new Node.Index(new Node.Identity(), at.node(2), at.start(1));
      case TEXT_FIELD_OF, INDEX -> new Node.Index(at.node(1), at.node(3), at.start(2));
      case DOT_INDEX -> new Node.Index(at.node(1), at.node(4), at.start(3));
      case ITERATE -> new Node.Iterate(at.node(1), at.start(2));
      case DOT_ITERATE -> new Node.Iterate(at.node(1), at.start(3));
      case SLICE -> new Node.Slice(at.node(1), at.node(3), at.node(5), at.start(2));
      case SLICE_FROM -> new Node.Slice(at.node(1), at.node(3), null, at.start(2));
      case SLICE_TO -> new Node.Slice(at.node(1), null, at.node(4), at.start(2));
      case OR_NONE, FIELD_OR_NONE, FIELD_OF_OR_NONE, TEXT_FIELD_OR_NONE -> orNone(at);
      case TEXT_FIELD_OF_OR_NONE, INDEX_OR_NONE, DOT_INDEX_OR_NONE -> orNone(at);
      case ITERATE_OR_NONE, DOT_ITERATE_OR_NONE, SLICE_OR_NONE -> orNone(at);
      case SLICE_FROM_OR_NONE, SLICE_TO_OR_NONE -> orNone(at);
      case LITERAL -> new Node.Literal(JsonNumber.literal(at.word(1)));
      case FORMAT -> new Node.Format(at.word(1), at.start(1));
      case TEXT, FORMATTED_TEXT, NO_PARTS, TEXT_PART, QUERY_PART -> text(at);
      case NEGATE -> new Node.Negate(at.node(2), at.start(1));
      case ARRAY -> Constants.array(at.node(2));
      case EMPTY_ARRAY -> new Node.Literal(JsonArray.EMPTY);
      case VARIABLE -> new Node.Variable(at.word(1), at.start(1));
      case LAST_VARIABLE -> new Node.Variable(at.word(4), at.start(4));
      case LOCATION -> location(at);
      case NAME -> name(at);
      case CALL -> call(at);
      case BREAK, BREAK_NOWHERE, UNUSUAL_FIELD -> odd(at);
      case REDUCE, FOREACH, FOREACH_WITH_EXTRACT -> loop(at);
      case IF, IF_WITHOUT_END, TRY, TRY_CATCH, TRY_WITHOUT_END -> branch(at);
    };
  }

  private Node orNone(Parser at) {
    Object body =
        switch (this) {
          case FIELD_OR_NONE -> FIELD.reduce(at);
          case FIELD_OF_OR_NONE -> FIELD_OF.reduce(at);
          case TEXT_FIELD_OR_NONE -> TEXT_FIELD.reduce(at);
          case TEXT_FIELD_OF_OR_NONE -> TEXT_FIELD_OF.reduce(at);
          case INDEX_OR_NONE -> INDEX.reduce(at);
          case DOT_INDEX_OR_NONE -> DOT_INDEX.reduce(at);
          case ITERATE_OR_NONE -> ITERATE.reduce(at);
          case DOT_ITERATE_OR_NONE -> DOT_ITERATE.reduce(at);
          case SLICE_OR_NONE -> SLICE.reduce(at);
          case SLICE_FROM_OR_NONE -> SLICE_FROM.reduce(at);
          case SLICE_TO_OR_NONE -> SLICE_TO.reduce(at);
          default -> at.value(1);
        };
    return new Node.Try((Node) body, null);
  }

  private static Node field(Node target, Parser at, int position) {
    Node key = new Node.Literal(Json.of(at.word(position)));
    return new Node.Index(target, key, at.start(position));
  }

  /// What jq's grammar knows only to say what is wrong with it, and `break`.
  private Node odd(Parser at) {
    if (this == BREAK) {
      return new Node.Break(at.word(2), at.start(1), at.end());
    }
    String message =
        this == BREAK_NOWHERE
            ? "break requires a label to break to"
            : "try .[\"field\"] instead of .field for unusually named fields";
    at.fail(message, "", at.start(1), at.end());
    return new Node.Identity();
  }

  private Node loop(Parser at) {
    List<Node.Pattern> patterns = QueryRule.list(at, 4);
    Node extract = this == FOREACH_WITH_EXTRACT ? at.node(10) : new Node.Identity();
    if (patterns.size() == 1) {
      Node.Pattern pattern = patterns.getFirst();
      return this == REDUCE
          ? new Node.Reduce(at.node(2), pattern, at.node(6), at.node(8))
          : new Node.Foreach(at.node(2), pattern, at.node(6), at.node(8), extract);
    }
    Node.Pattern whole = new Node.Pattern.Name("*whole");
    Node item = new Node.Variable("*whole", at.start(4));
    Node update = new Node.Bind(item, patterns, at.node(8));
    return this == REDUCE
        ? new Node.Reduce(at.node(2), whole, at.node(6), update)
        : new Node.Foreach(
            at.node(2), whole, at.node(6), update, new Node.Bind(item, patterns, extract));
  }

  private Node branch(Parser at) {
    return switch (this) {
      case IF -> {
        at.condition(at.value(2));
        yield new Node.If(at.node(2), at.node(4), at.node(5));
      }
      case TRY -> new Node.Try(at.node(2), null);
      case TRY_CATCH -> new Node.Try(at.node(2), at.node(4));
      default -> {
        String word = this == IF_WITHOUT_END ? "if" : "try";
        at.fail("Possibly unterminated '" + word + "' statement", "", at.start(1), at.end());
        yield new Node.Identity();
      }
    };
  }

  private static Node call(Parser at) {
    List<Node> arguments = QueryRule.list(at, 3);
    if (at.word(1).equals("select")) {
      at.condition(arguments.getFirst());
    }
    return new Node.Call(at.word(1), arguments, at.start(1));
  }

  private static Node name(Parser at) {
    return switch (at.word(1)) {
      case "true" -> new Node.Literal(Json.TRUE);
      case "false" -> new Node.Literal(Json.FALSE);
      case "null" -> new Node.Literal(Json.NULL);
      default -> new Node.Call(at.word(1), List.of(), at.start(1));
    };
  }

  static Node location(Parser at) {
    int line = at.line(at.start(1));
    return new Node.Literal(
        JsonObject.builder().put("file", "<top-level>").put("line", line).build());
  }

  /// A string in the making: its parts, and the text behind the last of them.
  private static final class Parts {
    final List<Node> parts = new ArrayList<>(0);
    final StringBuilder text = new StringBuilder();
  }

  private Object text(Parser at) {
    return switch (this) {
      case TEXT -> whole((Parts) at.value(2), null, at.start(1));
      case FORMATTED_TEXT -> whole((Parts) at.value(3), at.word(1), at.start(2));
      case TEXT_PART -> {
        Parts parts = (Parts) at.value(1);
        parts.text.append(at.word(2));
        yield parts;
      }
      case QUERY_PART -> {
        Parts parts = (Parts) at.value(1);
        parts.parts.add(new Node.Literal(Json.of(parts.text.toString())));
        parts.text.setLength(0);
        // A literal string would be taken for a part that is not formatted.
        boolean isLiteral = at.value(3) instanceof Node.Literal;
        parts.parts.add(isLiteral ? new Node.Pipe(new Node.Identity(), at.node(3)) : at.node(3));
        yield parts;
      }
      default -> new Parts();
    };
  }

  private static Node whole(Parts parts, String format, int start) {
    Node last = new Node.Literal(Json.of(parts.text.toString()));
    if (parts.parts.isEmpty()) {
      return last;
    }
    parts.parts.add(last);
    return new Node.Interpolation(format, parts.parts, start);
  }
}
