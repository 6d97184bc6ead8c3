package io.direktiv.engine.logic;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.json.Json;
import io.direktiv.json.JsonString;
import io.direktiv.model.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Writes variables, all or none; null deletes.
record SetterLogic(State.Setter state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    List<Effect.SetVariable> effects = new ArrayList<>();
    for (State.VariableWrite write : state.variables()) {
      Json value = turn.expressions().one(write.value(), turn.data());
      String mimeType = write.mimeType().orElse("application/json");
      Optional<byte[]> bytes =
          value == Json.NULL ? Optional.empty() : Optional.of(bytes(value, mimeType));
      effects.add(new Effect.SetVariable(write.scope(), write.key(), bytes, mimeType));
    }
    effects.forEach(turn::setVariable);
    return Logic.go(state, turn.data());
  }

  private static byte[] bytes(Json value, String mimeType) {
    if (value instanceof JsonString text && mimeType.startsWith("text/plain")) {
      return text.value().getBytes(StandardCharsets.UTF_8);
    }
    if (value instanceof JsonString text && mimeType.equals("application/octet-stream")) {
      try {
        return Base64.getDecoder().decode(text.value());
      } catch (IllegalArgumentException e) {
        throw StateFailure.catchable(
            Codes.JQ_BAD_COMMAND,
            "a variable of type application/octet-stream must be base64: " + e.getMessage());
      }
    }
    return value.toBytes();
  }
}
