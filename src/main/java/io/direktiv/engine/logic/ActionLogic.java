package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Outcome;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.List;
import java.util.Optional;

/// Performs one action and waits for it, or does not.
record ActionLogic(State.Act state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    turn.logSecrets(List.of(state.action()));
    turn.perform(0, turn.data());
    if (state.isAsync()) {
      turn.log("Running " + Calls.name(state.action()) + " in fire-and-forget mode (async).");
      return Logic.go(state, turn.data());
    }
    turn.log("Sleeping until " + Calls.name(state.action()) + " returns.");
    Activity.Branch branch = new Activity.Branch(Optional.empty(), true, Optional.empty());
    return new Decision.Await(new Activity.Acting(List.of(branch), 1, 0));
  }

  @Override
  public Decision finished(Turn turn, Activity.Acting acting, int branch, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Returned(var result) -> {
        turn.log(Calls.title(state.action()) + " returned.");
        yield Logic.go(state, turn.data().with("return", result));
      }
      case Outcome.Failed(Failure failure) -> throw Calls.failed(turn, failure);
    };
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
