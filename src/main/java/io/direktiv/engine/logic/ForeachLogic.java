package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Outcome;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.List;
import java.util.Optional;

/// Performs an action for each element. Results stand in the order of the elements.
record ForeachLogic(State.Foreach state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    List<Json> outputs = turn.expressions().all(state.array(), turn.data());
    List<Json> elements =
        outputs.size() == 1 && outputs.getFirst() instanceof JsonArray array
            ? array.toList()
            : outputs;
    turn.log("Generated " + elements.size() + " objects to loop over.");
    if (elements.isEmpty()) {
      return Logic.go(state, turn.data().with("return", JsonArray.EMPTY));
    }
    turn.logSecrets(List.of(state.action()));
    return Branches.begin(
        turn,
        elements.stream().map(Optional::of).toList(),
        Branches.concurrency(turn, state.concurrency()));
  }

  @Override
  public Decision finished(Turn turn, Activity.Acting acting, int branch, Outcome outcome) {
    if (outcome instanceof Outcome.Failed(Failure failure)) {
      throw Calls.failed(turn, failure);
    }
    Activity.Acting after = Branches.answered(acting, branch, outcome);
    turn.log("Action returned. (" + after.finished() + "/" + after.branches().size() + ")");
    if (after.finished() == after.branches().size()) {
      return Logic.go(state, turn.data().with("return", Branches.results(after)));
    }
    return Branches.goOn(turn, after);
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
