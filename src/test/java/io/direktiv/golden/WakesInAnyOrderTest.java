package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Step;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.logic.Engine;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Random wakes, due or not, on every workflow of the golden cases. None may throw, none may change
/// an ended instance, and an answer that was given once changes nothing a second time.
///
/// The seed is printed; `-Dgolden.seed=N` plays it again.
class WakesInAnyOrderTest {
  private static final int RUNS = 3_000;
  private static final int WAKES = 40;

  private final Engine engine = new Engine(EngineSettings.DEFAULT);

  @Test
  void neverThrowAndNeverChangeAnEndedInstance() {
    long seed = Long.getLong("golden.seed", System.nanoTime());
    System.out.println("WakesInAnyOrderTest: -Dgolden.seed=" + seed);
    Random random = new Random(seed);
    List<Workflow> workflows = workflows();
    int ended = 0;
    for (int run = 0; run < RUNS; run++) {
      ended += play(workflows.get(random.nextInt(workflows.size())), random, seed) ? 1 : 0;
    }
    assertThat(ended).as("runs that came to an end").isGreaterThan(RUNS / 4);
  }

  private static List<Workflow> workflows() {
    List<Workflow> workflows = new ArrayList<>();
    for (GoldenCase golden : GoldenCase.all()) {
      if (!golden.json().has("settings")) {
        for (String source : golden.workflows()) {
          WorkflowReader.read(source).workflow().ifPresent(workflows::add);
        }
      }
    }
    return workflows;
  }

  private boolean play(Workflow workflow, Random random, long seed) {
    Instance instance =
        engine.begin(
            new InstanceId("ns", workflow.id(), "aaaaaa"),
            "uid",
            0,
            new Invoker.Api(),
            JsonObject.EMPTY,
            SettableClock.BEGINNING);
    Instant at = SettableClock.BEGINNING;
    List<Wake> given = new ArrayList<>();
    Armed armed = new Armed();
    for (int i = 0; i < WAKES; i++) {
      at = at.plusSeconds(random.nextInt(100));
      boolean isFirst = i == 0;
      boolean isAgain = !given.isEmpty() && random.nextInt(5) == 0;
      Wake wake =
          isFirst
              ? new Wake.Continued(at)
              : isAgain
                  ? given.get(random.nextInt(given.size()))
                  : draw(instance, armed, at, random);
      Optional<Step> step = step(workflow, instance, wake, seed);
      if (instance.ending().isPresent()) {
        assertThat(step).as("seed %s: %s on %s", seed, wake, instance).isEmpty();
      }
      if (step.isPresent()) {
        armed.apply(wake, step.get().effects());
        check(instance, step.get(), armed, seed);
        instance = step.get().instance();
        boolean isAnswer = wake instanceof Wake.ActionFinished;
        assertThat(isAnswer ? step(workflow, instance, wake, seed) : Optional.empty())
            .as("seed %s: the same answer twice, %s", seed, wake)
            .isEmpty();
      }
      given.add(wake);
    }
    return instance.ending().isPresent();
  }

  private Optional<Step> step(Workflow workflow, Instance instance, Wake wake, long seed) {
    try {
      return engine.step(workflow, instance, wake, Variables.NONE);
    } catch (RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + ": " + wake + " on " + workflow.id() + " in " + instance, e);
    }
  }

  /// What an instance has armed and not freed.
  private record Armed(Set<TimerId> timers, Set<ListenerId> listeners) {
    Armed() {
      this(new LinkedHashSet<>(), new HashSet<>());
    }

    void apply(Wake wake, List<Effect> effects) {
      if (wake instanceof Wake.TimerFired(Instant _, TimerId timer)) {
        timers.remove(timer);
      }
      for (Effect effect : effects) {
        switch (effect) {
          case Effect.SetTimer(TimerId timer, Instant _) -> timers.add(timer);
          case Effect.ClearTimer(TimerId timer) -> timers.remove(timer);
          case Effect.Listen listen -> listeners.add(listen.listener());
          case Effect.StopListening(ListenerId listener) -> listeners.remove(listener);
          case Effect.Perform _, Effect.CancelAction _, Effect.Publish _, Effect.SetVariable _ -> {}
        }
      }
    }
  }

  private static void check(Instance before, Step step, Armed armed, long seed) {
    Instance after = step.instance();
    assertThat(after.sequence()).as("seed %s", seed).isEqualTo(before.sequence() + 1);
    assertThat(after.step()).as("seed %s", seed).isGreaterThanOrEqualTo(before.step());
    if (after.ending().isPresent()) {
      assertThat(armed.timers).as("seed %s: timers of %s", seed, after).isEmpty();
      assertThat(armed.listeners).as("seed %s: listeners of %s", seed, after).isEmpty();
    }
  }

  private static Wake draw(Instance instance, Armed armed, Instant at, Random random) {
    InstanceId id = instance.id();
    int step = Math.max(1, instance.step() - random.nextInt(2));
    return switch (random.nextInt(9)) {
      case 0 -> new Wake.Continued(at);
      case 1 -> new Wake.TimerFired(at, timer(id, step, random));
      case 2, 3 ->
          new Wake.TimerFired(
              at, armed.timers.stream().findFirst().orElse(timer(id, step, random)));
      case 4, 5 ->
          new Wake.ActionFinished(at, new ActionId(id, step, random.nextInt(3)), outcome(random));
      case 6, 7 -> {
        CloudEvent event =
            new CloudEvent(
                JsonObject.builder()
                    .put("specversion", "1.0")
                    .put("id", "e" + random.nextInt())
                    .put("source", "here")
                    .put("type", random.nextBoolean() ? "done" : "red")
                    .put("data", 1)
                    .build());
        yield new Wake.EventReceived(
            at, new ListenerId(id, step), List.of(random.nextInt(3)), event);
      }
      default ->
          random.nextInt(4) == 0
              ? new Wake.CancelRequested(at, new WorkflowError(Codes.CANCEL_API, "cancelled"))
              : new Wake.Continued(at);
    };
  }

  private static TimerId timer(InstanceId id, int step, Random random) {
    List<String> kinds = List.of("delay:", "retry:", "timeout:");
    return switch (random.nextInt(5)) {
      case 0 -> new TimerId(id, "interrupt");
      case 1 -> new TimerId(id, "kill");
      default -> new TimerId(id, kinds.get(random.nextInt(3)) + step);
    };
  }

  private static Outcome outcome(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Outcome.Failed(Failure.catchable("my.code", "m"));
      case 1 -> new Outcome.Returned(Json.NULL);
      default -> new Outcome.Returned(JsonObject.of("n", Json.of(random.nextInt(3))));
    };
  }
}
