package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.Collections;
import java.util.Optional;

/// Performs several actions at once: `and` needs all of them, `or` the first that succeeds.
record ParallelLogic(State.Parallel state) implements Logic {
  @Override
  public Decision enter(Turn turn) {
    turn.logSecrets(state.actions());
    return Branches.begin(
        turn,
        Collections.nCopies(state.actions().size(), Optional.empty()),
        Branches.concurrency(turn, state.concurrency()));
  }

  @Override
  public Decision finished(Turn turn, Activity.Acting acting, int branch, Outcome outcome) {
    Activity.Acting after = Branches.answered(acting, branch, outcome);
    boolean isLast = after.finished() == after.branches().size();
    if (outcome instanceof Outcome.Failed(Failure failure)) {
      boolean isFatal = state.mode() == State.Mode.AND || failure.kind() != Failure.Kind.CATCHABLE;
      if (isFatal) {
        throw Calls.failed(turn, failure);
      }
      turn.logError(
          "Branch "
              + branch
              + " failed with error '"
              + failure.error().code()
              + "': "
              + failure.error().message());
      if (isLast) {
        throw StateFailure.catchable(Codes.ALL_FAILED, "all branches failed");
      }
      return Branches.goOn(turn, after);
    }
    turn.log("Action returned. (" + after.finished() + "/" + after.branches().size() + ")");
    if (isLast || state.mode() == State.Mode.OR) {
      turn.cancelRunning(after);
      return Logic.go(state, turn.data().with("return", Branches.results(after)));
    }
    return Branches.goOn(turn, after);
  }

  @Override
  public Optional<IsoDuration> timeout() {
    return state.timeout();
  }
}
