package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.model.State;

/// Waits for a time.
record DelayLogic(State.Delay state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    turn.setTimer("delay", state.duration().after(turn.at()));
    return new Decision.Await(new Activity.Sleeping());
  }

  @Override
  public Decision woken(Turn turn) {
    turn.log("Waking up from sleep.");
    return Logic.go(state, turn.data());
  }
}
