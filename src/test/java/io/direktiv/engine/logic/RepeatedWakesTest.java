package io.direktiv.engine.logic;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Step;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Wake;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Acting twice on the same wake changes nothing.
final class RepeatedWakesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final InstanceId ID = new InstanceId("demo", "waker", "aaaaaa");
  private static final Engine ENGINE = new Engine(EngineSettings.DEFAULT);

  private static Workflow workflow(String states) {
    return WorkflowReader.read("id: waker\nfunctions: [ { id: f, image: i } ]\nstates:\n" + states)
        .workflow()
        .orElseThrow();
  }

  private static Instance begun(Workflow workflow) {
    Instance instance = ENGINE.begin(ID, "u", 0, new Invoker.Api(), JsonObject.EMPTY, NOON);
    return step(workflow, instance, new Wake.Continued(NOON)).orElseThrow();
  }

  private static Optional<Instance> step(Workflow workflow, Instance instance, Wake wake) {
    return ENGINE.step(workflow, instance, wake, Variables.NONE).map(Step::instance);
  }

  private static Wake event(String id) {
    JsonObject event =
        JsonObject.builder()
            .put("specversion", "1.0")
            .put("id", id)
            .put("source", "s")
            .put("type", "t")
            .build();
    return new Wake.EventReceived(
        NOON, new ListenerId(ID, 1), List.of(0, 1), new CloudEvent(event));
  }

  @Test
  void anEventFillsOnlyOneOfTwoEqualPlaces() {
    Workflow workflow =
        workflow("- { id: a, type: eventAnd, events: [ {event: {type: t}}, {event: {type: t}} ] }");
    Instance one = step(workflow, begun(workflow), event("e1")).orElseThrow();

    assertThat(step(workflow, one, event("e1"))).isEmpty();
    Instance both = step(workflow, one, event("e2")).orElseThrow();
    assertThat(both.status()).isEqualTo(Status.COMPLETE);
  }

  @Test
  void aResultCountsOnce() {
    Workflow workflow =
        workflow(
            "- { id: a, type: foreach, array: '[1,2] | map({n: .})', action: { function: f } }");
    Instance begun = begun(workflow);
    Wake result =
        new Wake.ActionFinished(
            NOON, new ActionId(ID, 1, 1), new Outcome.Returned(Json.of("second")));
    Instance one = step(workflow, begun, result).orElseThrow();

    assertThat(step(workflow, one, result)).isEmpty();
    Wake other =
        new Wake.ActionFinished(
            NOON, new ActionId(ID, 1, 0), new Outcome.Returned(Json.of("first")));
    Instance ended = step(workflow, one, other).orElseThrow();
    assertThat(ended.ending().orElseThrow().output().orElseThrow())
        .hasToString("{\"return\":[\"first\",\"second\"]}");
    assertThat(step(workflow, ended, other)).isEmpty();
  }

  @Test
  void aTimerOfAnEarlierVisitDoesNothing() {
    Workflow workflow =
        workflow(
            "- { id: a, type: delay, duration: PT1S, transition: b }\n"
                + "- { id: b, type: delay, duration: PT1S }");
    Wake first = new Wake.TimerFired(NOON, new TimerId(ID, "delay:1"));
    Instance second = step(workflow, begun(workflow), first).orElseThrow();

    assertThat(second.stateId()).isEqualTo("b");
    assertThat(step(workflow, second, first)).isEmpty();
  }
}
