package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.expression.Globs;
import io.direktiv.model.Catcher;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.Retry;
import io.direktiv.model.StateBase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Decides about a catchable error: retry, catch, or fail.
final class Catching {
  private static final Duration DELAY_MAX = Duration.ofDays(3650);

  private Catching() {}

  /// What to do with an error that a catcher takes.
  interface Caught {
    boolean goOn(Turn turn, WorkflowError error, Optional<String> next);
  }

  /// Handles `error` in the current state.
  ///
  /// @return true when there is a next state to run
  static boolean handle(Turn turn, WorkflowError error, Caught caught) {
    StateBase base = turn.state().base();
    WorkflowError seen = error;
    if (base.retry().isPresent() && isFor(base.retry().get(), error.code())) {
      Retry retry = base.retry().get();
      if (turn.instance().attempt() < retry.maxAttempts()) {
        return retry(turn, retry, error);
      }
      turn.log("Maximum retry attempts exceeded.");
      seen = retry.giveUpCode().map(code -> new WorkflowError(code, code)).orElse(error);
    }
    for (int i = 0; i < base.catchers().size(); i++) {
      Catcher catcher = base.catchers().get(i);
      if (Globs.matchesCode(catcher.error(), seen.code())) {
        return take(turn, catcher, i, seen, caught);
      }
    }
    Engine.uncaught(turn, new Failure(seen, Failure.Kind.CATCHABLE));
    return false;
  }

  private static boolean take(
      Turn turn, Catcher catcher, int index, WorkflowError error, Caught caught) {
    turn.logError("State failed with error '" + error.code() + "': " + error.message());
    turn.log("Error caught by error definition " + index + ": " + catcher.error());
    if (catcher.retry().isPresent() && isFor(catcher.retry().get(), error.code())) {
      if (turn.instance().attempt() < catcher.retry().get().maxAttempts()) {
        return retry(turn, catcher.retry().get(), error);
      }
      turn.log("Maximum retry attempts exceeded.");
    }
    return caught.goOn(turn, error, catcher.transition());
  }

  private static boolean isFor(Retry retry, String code) {
    return retry.codes().isEmpty()
        || retry.codes().stream().anyMatch(pattern -> Globs.matchesCode(pattern, code));
  }

  private static boolean retry(Turn turn, Retry retry, WorkflowError error) {
    int attempt = turn.instance().attempt();
    String state = turn.instance().stateId();
    turn.visited(Visit.Result.RETRIED, Optional.empty(), Optional.of(error), Optional.empty());
    Instant due = due(turn, retry, attempt);
    if (!due.isAfter(turn.at())) {
      turn.log("Retrying failed workflow state.");
      turn.enter(state, turn.data(), attempt + 1);
      return true;
    }
    turn.log("Scheduling a retry for the failed workflow state at approximate time: " + due + ".");
    turn.setTimer("retry", due);
    turn.setActivity(new Activity.Retrying());
    return false;
  }

  /// When the retry after run `attempt` is due: `delay * multiplier^(attempt-1)`, bounded, with
  /// jitter drawn from the visit's name so that a replay draws the same.
  private static Instant due(Turn turn, Retry retry, int attempt) {
    Duration delay = Duration.between(turn.at(), retry.delay().after(turn.at()));
    double millis = delay.toMillis() * Math.pow(retry.multiplier(), attempt - 1);
    Optional<IsoDuration> most = retry.maxDelay();
    double bound =
        most.map(max -> (double) Duration.between(turn.at(), max.after(turn.at())).toMillis())
            .orElse((double) DELAY_MAX.toMillis());
    double bounded = Math.min(millis, bound);
    int hash = List.of(turn.instance().id(), turn.step()).hashCode();
    double draw = Math.floorMod(hash * 31, 1_000) / 1_000.0;
    double jittered = bounded * (1 - retry.jitter() * draw);
    return turn.at().plusMillis((long) jittered);
  }
}
