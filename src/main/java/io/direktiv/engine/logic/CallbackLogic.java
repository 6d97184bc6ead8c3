package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Outcome;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.List;
import java.util.Optional;

/// Performs an action, then waits for the event that answers it; the event's context may use the
/// action's result.
record CallbackLogic(State.Callback state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    turn.logSecrets(List.of(state.action()));
    turn.perform(0, turn.data());
    turn.log("Sleeping until " + Calls.name(state.action()) + " returns.");
    Activity.Branch branch = new Activity.Branch(Optional.empty(), true, Optional.empty());
    return new Decision.Await(new Activity.Acting(List.of(branch), 1, 0));
  }

  @Override
  public Decision finished(Turn turn, Activity.Acting acting, int branch, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Returned(var result) -> {
        turn.log(Calls.title(state.action()) + " returned.");
        JsonObject data = turn.data().with("return", result);
        yield Listening.begin(turn, List.of(state.event()), data, false, Optional.of(result));
      }
      case Outcome.Failed(Failure failure) -> throw Calls.failed(turn, failure);
    };
  }

  @Override
  public Decision received(
      Turn turn, Activity.Listening listening, List<Integer> fits, CloudEvent event) {
    JsonObject data = turn.data().with("return", listening.actionResult().orElseThrow());
    return Logic.go(state, data.with(event.type(), event.payload()));
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
