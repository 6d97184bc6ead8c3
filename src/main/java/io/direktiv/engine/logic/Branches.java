package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Outcome;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The actions of a foreach or parallel state: starts as many as may run, and the next one whenever
/// one has answered.
final class Branches {
  private Branches() {}

  /// Starts the first actions.
  ///
  /// @param data what each input is computed from; absent for the data of the state
  static Decision begin(Turn turn, List<Optional<Json>> data, int concurrency) {
    List<Activity.Branch> branches = new ArrayList<>(data.size());
    int running = Math.min(concurrency, data.size());
    for (int i = 0; i < data.size(); i++) {
      boolean isStarted = i < running;
      branches.add(new Activity.Branch(data.get(i), isStarted, Optional.empty()));
      if (isStarted) {
        turn.perform(i, data.get(i).orElse(turn.data()));
      }
    }
    return new Decision.Await(new Activity.Acting(branches, running, 0));
  }

  /// The activity after branch `index` has answered.
  static Activity.Acting answered(Activity.Acting acting, int index, Outcome outcome) {
    Activity.Branch branch = acting.branches().get(index);
    return acting.with(
        index,
        new Activity.Branch(branch.data(), branch.isStarted(), Optional.of(outcome)),
        acting.running() - 1,
        acting.finished() + 1);
  }

  /// Waits for the rest, starting the next action when one is left. The record is not written
  /// again, else n answers would write n branches each: the stored outcomes tell what was started.
  static Decision goOn(Turn turn, Activity.Acting acting) {
    int next = acting.running() + acting.finished();
    if (next >= acting.branches().size()) {
      return new Decision.AwaitMore(acting);
    }
    Activity.Branch branch = acting.branches().get(next);
    turn.perform(next, branch.data().orElse(turn.data()));
    return new Decision.AwaitMore(
        acting.with(
            next,
            new Activity.Branch(branch.data(), true, Optional.empty()),
            acting.running() + 1,
            acting.finished()));
  }

  /// The results in order; null where there is none.
  static JsonArray results(Activity.Acting acting) {
    List<Json> results = new ArrayList<>(acting.branches().size());
    for (Activity.Branch branch : acting.branches()) {
      results.add(
          branch.outcome().orElse(null) instanceof Outcome.Returned(Json result)
              ? result
              : Json.NULL);
    }
    return JsonArray.of(results);
  }

  /// How many actions of a state may run at once.
  static int concurrency(Turn turn, Optional<Integer> wanted) {
    int most = turn.settings().concurrencyMax();
    return Math.min(wanted.orElse(most), most);
  }
}
