package io.direktiv.jq.syntax;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Evaluates what is written out, as jq does while it parses: sums of numbers, arrays, objects.
final class Constants {
  /// Texts longer than this are left alone: a chain of them would be copied again and again.
  private static final int TEXT_CHARS_MAX = 1_000;

  private Constants() {}

  static Node binary(String operator, Node left, Node right, int at) {
    if (left instanceof Node.Literal(Json a)
        && right instanceof Node.Literal(Json b)
        && isFolded(operator, a, b)) {
      try {
        Budget budget = new Budget(QueryLimits.DEFAULT);
        return new Node.Literal(Values.operator(operator).apply(a, b, budget));
      } catch (QueryException _) {
        // A division by zero fails when it is evaluated.
      }
    }
    return new Node.Binary(operator, left, right, at);
  }

  private static boolean isFolded(String operator, Json a, Json b) {
    if (operator.equals("+") && (a instanceof JsonNull || b instanceof JsonNull)) {
      return true;
    }
    boolean areNumbers = a instanceof JsonNumber && b instanceof JsonNumber;
    return areNumbers
        || operator.equals("+")
            && a instanceof JsonString(String x)
            && b instanceof JsonString(String y)
            && x.length() + y.length() <= TEXT_CHARS_MAX;
  }

  /// `[body]`; a value when every element is one.
  static Node array(Node body) {
    List<Json> elements = new ArrayList<>();
    Node rest = body;
    while (rest instanceof Node.Comma(Node left, Node.Literal(Json element))) {
      elements.add(element);
      rest = left;
    }
    if (!(rest instanceof Node.Literal(Json first))) {
      return new Node.ArrayOf(body);
    }
    elements.add(first);
    Collections.reverse(elements);
    return new Node.Literal(JsonArray.of(elements));
  }

  /// `{members}`; a value when every key and member is one.
  static Node object(List<Node.Member> members) {
    JsonObject.Builder object = JsonObject.builder();
    for (Node.Member member : members) {
      if (!(member.key() instanceof Node.Literal(JsonString(String key)))
          || !(member.value() instanceof Node.Literal(Json value))) {
        return new Node.ObjectOf(members);
      }
      object.put(key, value);
    }
    return new Node.Literal(object.build());
  }
}
