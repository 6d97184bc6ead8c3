package io.direktiv.jq.syntax;

import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonString;

/// The rules of object constructions and of the patterns that take values apart.
enum ObjectRule implements Rule {
  OBJECT,
  MEMBER,
  TEXT_MEMBER,
  TEXT_KEY,
  VARIABLE_MEMBER,
  VARIABLE_KEY,
  KEY,
  LOCATION_KEY,
  COMPUTED_MEMBER,
  NO_KEY,
  PATTERN_NAME,
  PATTERN_ELEMENTS,
  PATTERN_MEMBERS,
  PATTERN_VARIABLE,
  PATTERN_VARIABLE_AND_VALUE,
  PATTERN_MEMBER,
  PATTERN_TEXT_MEMBER,
  PATTERN_COMPUTED_MEMBER,
  PATTERN_NO_KEY;

  @Override
  public Object reduce(Parser at) {
    return switch (this) {
      case OBJECT -> Constants.object(QueryRule.<Node.Member>reversed(at.value(2)));
      case MEMBER -> new Node.Member(key(at), at.node(3), at.start(1));
      case TEXT_MEMBER -> new Node.Member(at.node(1), at.node(3), at.start(1));
      case TEXT_KEY -> ofInput(at.node(1), at.start(1));
      case VARIABLE_MEMBER -> new Node.Member(variable(at), at.node(3), at.start(1));
      case VARIABLE_KEY -> new Node.Member(key(at), variable(at), at.start(1));
      case KEY -> ofInput(key(at), at.start(1));
      case LOCATION_KEY ->
          new Node.Member(new Node.Literal(Json.of("__loc__")), TermRule.location(at), at.start(1));
      case COMPUTED_MEMBER -> {
        constantKey(at);
        yield new Node.Member(at.node(2), at.node(5), at.start(1));
      }
      case NO_KEY -> {
        noKey(at, at.end(1));
        yield new Node.Member(new Node.Identity(), at.node(3), at.start(1));
      }
      case PATTERN_NAME -> new Node.Pattern.Name(at.word(1));
      case PATTERN_ELEMENTS -> new Node.Pattern.Elements(QueryRule.<Node.Pattern>list(at, 2));
      case PATTERN_MEMBERS -> new Node.Pattern.Members(QueryRule.<Node.PatternMember>list(at, 2));
      case PATTERN_VARIABLE -> new Node.PatternMember(key(at), at.word(1), null);
      case PATTERN_VARIABLE_AND_VALUE ->
          new Node.PatternMember(key(at), at.word(1), (Node.Pattern) at.value(3));
      case PATTERN_MEMBER -> new Node.PatternMember(key(at), null, (Node.Pattern) at.value(3));
      case PATTERN_TEXT_MEMBER ->
          new Node.PatternMember(at.node(1), null, (Node.Pattern) at.value(3));
      case PATTERN_COMPUTED_MEMBER -> {
        constantKey(at);
        yield new Node.PatternMember(at.node(2), null, (Node.Pattern) at.value(5));
      }
      case PATTERN_NO_KEY -> {
        noKey(at, at.end());
        yield new Node.PatternMember(new Node.Identity(), null, (Node.Pattern) at.value(3));
      }
    };
  }

  private static Node key(Parser at) {
    return new Node.Literal(Json.of(at.word(1)));
  }

  private static Node variable(Parser at) {
    return new Node.Variable(at.word(1), at.start(1));
  }

  /// `{name}`: the input's member of that name.
  private static Node.Member ofInput(Node key, int start) {
    return new Node.Member(key, new Node.Index(new Node.Identity(), key, start), start);
  }

  private static void constantKey(Parser at) {
    if (at.value(2) instanceof Node.Literal constant && !(constant.value() instanceof JsonString)) {
      at.fail(
          "Cannot use " + Values.describe(constant.value()) + " as object key",
          "keys must be strings, as in \"key\"",
          at.start(2),
          at.end(2));
    }
  }

  private static void noKey(Parser at, int end) {
    at.fail("May need parentheses around object key expression", "", at.start(1), end);
  }
}
