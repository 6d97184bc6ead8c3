package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import io.direktiv.model.event.EventPlaces;
import java.util.List;
import java.util.Optional;

/// Waits for all of several events. Each event fills one place, so a type that is listed twice must
/// arrive twice; the order of arrival does not matter.
record EventAndLogic(State.EventAnd state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    return Listening.begin(turn, state.events(), turn.data(), true, Optional.empty());
  }

  @Override
  public Decision received(
      Turn turn, Activity.Listening listening, List<Integer> fits, CloudEvent event) {
    List<Optional<CloudEvent>> received =
        EventPlaces.add(listening.filters(), listening.received(), event);
    if (received.stream().anyMatch(Optional::isEmpty)) {
      return new Decision.Await(
          new Activity.Listening(listening.filters(), received, listening.actionResult()));
    }
    JsonObject data = turn.data();
    for (Optional<CloudEvent> each : received) {
      data = data.with(each.get().type(), each.get().payload());
    }
    return Logic.go(state, data);
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
