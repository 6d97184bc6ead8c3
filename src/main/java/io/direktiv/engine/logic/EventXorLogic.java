package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.List;
import java.util.Optional;

/// Waits for the first of several events and goes the way of that one.
record EventXorLogic(State.EventXor state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    return Listening.begin(
        turn,
        state.events().stream().map(State.EventBranch::event).toList(),
        turn.data(),
        false,
        Optional.empty());
  }

  @Override
  public Decision received(
      Turn turn, Activity.Listening listening, List<Integer> fits, CloudEvent event) {
    State.EventBranch branch = state.events().get(fits.getFirst());
    return new Decision.Go(
        turn.data().with(event.type(), event.payload()), branch.transform(), branch.transition());
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
