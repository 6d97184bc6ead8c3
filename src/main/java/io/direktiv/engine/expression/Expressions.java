package io.direktiv.engine.expression;

import io.direktiv.engine.Codes;
import io.direktiv.jq.Query;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Expression;
import io.direktiv.model.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Evaluates expressions; what goes wrong is a [StateFailure] with a code of reference 1.3.
///
/// @param limits what one query may cost
/// @param isSecret true when the input holds secrets: then no message quotes a value
public record Expressions(QueryLimits limits, boolean isSecret) {
  /// How much of the part of a query that failed a message shows.
  private static final int PART_CHARS_MAX = 40;

  /// Every output of an expression.
  public List<Json> all(Expression expression, Json data) {
    return switch (expression) {
      case Expression.Jq(Query query, Place place) -> all(query, place, data);
      case Expression.Broken(String text, String problem, Place place) ->
          throw StateFailure.catchable(
              Codes.JQ_BAD_COMMAND,
              "line " + place.line() + ", column " + place.column() + ": " + problem);
      case Expression.Literal(Json value) -> List.of(value);
      case Expression.Elements(List<Expression> elements) -> {
        List<Json> values = new ArrayList<>();
        for (Expression element : elements) {
          values.add(one(element, data));
        }
        yield List.of(JsonArray.of(values));
      }
      case Expression.Members(Map<String, Expression> members) -> {
        JsonObject.Builder object = JsonObject.builder();
        members.forEach((key, value) -> object.put(key, one(value, data)));
        yield List.of(object.build());
      }
    };
  }

  private List<Json> all(Query query, Place place, Json data) {
    try {
      return query.all(data, limits);
    } catch (QueryException e) {
      String what = isSecret ? "the query failed (its message may quote a secret)" : e.getMessage();
      throw StateFailure.catchable(
          Codes.JQ_BAD_COMMAND,
          "line " + place.line() + ", column " + place.column() + ": " + what + part(query, e));
    } catch (QueryLimitException e) {
      throw StateFailure.catchable(
          Codes.JQ_LIMIT,
          "line " + place.line() + ", column " + place.column() + ": " + e.getMessage());
    }
  }

  /// Which part of a query failed, where that is not all of it: jq's message often does not tell
  /// which of several it is. The text is the author's own and holds no secret.
  private static String part(Query query, QueryException e) {
    String text = query.text();
    if (e.offset() <= 0 || e.offset() >= text.length()) {
      return "";
    }
    String rest = text.substring(e.offset()).lines().findFirst().orElse("");
    String shown = rest.length() > PART_CHARS_MAX ? rest.substring(0, PART_CHARS_MAX) + "…" : rest;
    return " (in `" + shown + "`, character " + (e.offset() + 1) + " of the query)";
  }

  /// The only output of an expression.
  public Json one(Expression expression, Json data) {
    List<Json> outputs = all(expression, data);
    if (outputs.size() != 1) {
      throw StateFailure.catchable(
          Codes.JQ_NOT_OBJECT, "the `jq` command produced multiple outputs");
    }
    return outputs.getFirst();
  }

  /// The only output of an expression, which must be an object.
  public JsonObject object(Expression expression, Json data) {
    if (one(expression, data) instanceof JsonObject object) {
      return object;
    }
    throw StateFailure.catchable(
        Codes.JQ_NOT_OBJECT, "the `jq` command produced a non-object output");
  }

  /// jq's truth, and the original's: null, false, "", 0, [] and {} are false (reference 1.3).
  public static boolean isTruthy(Json value) {
    return switch (value) {
      case io.direktiv.json.JsonNull _ -> false;
      case io.direktiv.json.JsonBoolean bool -> bool.value();
      case io.direktiv.json.JsonNumber number -> number.doubleValue() != 0;
      case io.direktiv.json.JsonString string -> !string.value().isEmpty();
      case JsonArray array -> !array.isEmpty();
      case JsonObject object -> !object.isEmpty();
    };
  }
}
