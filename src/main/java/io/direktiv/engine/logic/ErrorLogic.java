package io.direktiv.engine.logic;

import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.expression.Printf;
import io.direktiv.json.Json;
import io.direktiv.model.Expression;
import io.direktiv.model.State;
import java.util.ArrayList;
import java.util.List;

/// Raises the error that the instance will end with.
record ErrorLogic(State.Raise state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    List<Json> args = new ArrayList<>();
    for (Expression arg : state.args()) {
      args.add(turn.expressions().one(arg, turn.data()));
    }
    turn.raise(new WorkflowError(state.error(), Printf.format(state.message(), args)));
    return Logic.go(state, turn.data());
  }
}
