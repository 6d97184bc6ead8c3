package io.direktiv.engine.logic;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.model.State;
import java.util.Base64;
import java.util.Optional;

/// Reads variables into `.var`.
record GetterLogic(State.Getter state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    JsonObject values =
        turn.data().get("var") instanceof JsonObject present ? present : JsonObject.EMPTY;
    for (State.VariableRead read : state.variables()) {
      values = values.with(read.as(), value(turn.variable(read.scope(), read.key())));
    }
    return Logic.go(state, turn.data().with("var", values));
  }

  /// JSON when it can be read as such, null when there is nothing, else base64.
  private static Json value(Optional<byte[]> bytes) {
    if (bytes.isEmpty() || bytes.get().length == 0) {
      return Json.NULL;
    }
    try {
      return Json.parse(bytes.get());
    } catch (JsonException _) {
      return Json.of(Base64.getEncoder().encodeToString(bytes.get()));
    }
  }
}
