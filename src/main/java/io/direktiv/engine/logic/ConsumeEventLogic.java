package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.List;
import java.util.Optional;

/// Waits for one event, whose payload is stored under its type.
record ConsumeEventLogic(State.ConsumeEvent state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    return Listening.begin(turn, List.of(state.event()), turn.data(), false, Optional.empty());
  }

  @Override
  public Decision received(
      Turn turn, Activity.Listening listening, List<Integer> fits, CloudEvent event) {
    return Logic.go(state, turn.data().with(event.type(), event.payload()));
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
