package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Waits for all of several events. An event fills the first place that it fits and that is empty,
/// so a type that is listed twice must arrive twice.
record EventAndLogic(State.EventAnd state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    return Listening.begin(turn, state.events(), turn.data(), true, Optional.empty());
  }

  @Override
  public Decision received(
      Turn turn, Activity.Listening listening, List<Integer> fits, CloudEvent event) {
    List<Optional<CloudEvent>> received = new ArrayList<>(listening.received());
    fits.stream()
        .filter(fit -> received.get(fit).isEmpty())
        .findFirst()
        .ifPresent(fit -> received.set(fit, Optional.of(event)));
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
