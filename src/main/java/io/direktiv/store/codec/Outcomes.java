package io.direktiv.store.codec;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the outcomes of branches, which are stored beside the record, into it.
public final class Outcomes {
  private Outcomes() {}

  /// `instance`, which waits in `acting`, with the outcomes of its branches by index. Each answer
  /// started the next branch, as long as there was one.
  public static Instance merge(
      Instance instance, Activity.Acting acting, Map<Integer, Outcome> outcomes) {
    List<Activity.Branch> branches = new ArrayList<>();
    int started = Math.min(acting.branches().size(), acting.running() + outcomes.size());
    int finished = 0;
    for (int i = 0; i < acting.branches().size(); i++) {
      Activity.Branch branch = acting.branches().get(i);
      Optional<Outcome> outcome = Optional.ofNullable(outcomes.get(i));
      branches.add(new Activity.Branch(branch.data(), i < started, outcome));
      finished += outcome.isPresent() ? 1 : 0;
    }
    int running = started - finished;
    return new Instance(
        instance.id(),
        instance.workflow(),
        instance.revision(),
        instance.invoker(),
        instance.input(),
        instance.beganAt(),
        instance.sequence(),
        instance.stateId(),
        instance.step(),
        instance.flow(),
        instance.data(),
        instance.attempt(),
        instance.enteredAt(),
        new Activity.Acting(branches, running, finished),
        instance.raised(),
        instance.ending());
  }
}
