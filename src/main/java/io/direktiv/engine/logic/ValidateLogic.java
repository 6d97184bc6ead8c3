package io.direktiv.engine.logic;

import io.direktiv.engine.Codes;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.json.Json;
import io.direktiv.model.State;
import io.direktiv.schema.Schema;
import java.util.List;

/// Checks data against a schema.
record ValidateLogic(State.Validate state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    Json subject =
        state
            .subject()
            .map(expression -> turn.expressions().one(expression, turn.data()))
            .orElse(turn.data());
    List<Schema.Violation> violations = state.schema().validate(subject);
    if (violations.isEmpty()) {
      return Logic.go(state, turn.data());
    }
    for (Schema.Violation violation : violations) {
      turn.logError("Schema validation error: " + describe(violation));
    }
    throw StateFailure.catchable(
        Codes.SCHEMA_FAILED,
        "subject failed its JSONSchema validation: " + describe(violations.getFirst()));
  }

  private static String describe(Schema.Violation violation) {
    String place = violation.place().isEmpty() ? "(root)" : violation.place();
    return place + ": " + violation.message();
  }
}
