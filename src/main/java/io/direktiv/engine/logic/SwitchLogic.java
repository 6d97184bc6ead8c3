package io.direktiv.engine.logic;

import io.direktiv.engine.expression.Expressions;
import io.direktiv.model.State;

/// Chooses the first condition that is true.
record SwitchLogic(State.Switch state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    for (int i = 0; i < state.conditions().size(); i++) {
      State.Condition condition = state.conditions().get(i);
      if (Expressions.isTruthy(turn.expressions().one(condition.condition(), turn.data()))) {
        turn.log("Switch condition " + i + " succeeded");
        return new Decision.Go(turn.data(), condition.transform(), condition.transition());
      }
    }
    turn.log("No switch conditions succeeded");
    return new Decision.Go(turn.data(), state.defaultTransform(), state.defaultTransition());
  }
}
