package io.direktiv.engine.expression;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.Outcome;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Expression;
import java.util.Map;

/// Computes the input of an action.
public final class ActionInput {
  private ActionInput() {}

  /// The input of `call`, with `secrets` visible under `.secrets` (reference 1.3).
  ///
  /// A query must give exactly one object; a structured input may be any JSON. The message of a
  /// failure never quotes a value when there are secrets.
  public static Outcome evaluate(ActionCall call, Map<String, Json> secrets, QueryLimits limits) {
    if (call.input().isEmpty()) {
      return new Outcome.Returned(call.data());
    }
    Expression input = call.input().get();
    Expressions expressions = new Expressions(limits, !secrets.isEmpty());
    Json data = withSecrets(call.data(), secrets);
    try {
      boolean isQuery = input instanceof Expression.Jq || input instanceof Expression.Broken;
      return new Outcome.Returned(
          isQuery ? expressions.object(input, data) : expressions.one(input, data));
    } catch (StateFailure e) {
      return new Outcome.Failed(e.failure());
    }
  }

  private static Json withSecrets(Json data, Map<String, Json> secrets) {
    if (secrets.isEmpty()) {
      return data;
    }
    if (data instanceof JsonObject object) {
      return object.with("secrets", JsonObject.of(secrets));
    }
    return JsonObject.builder().put("input", data).put("secrets", JsonObject.of(secrets)).build();
  }
}
