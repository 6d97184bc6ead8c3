package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.direktiv.engine.InstanceId;
import io.direktiv.json.Json;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.VariableScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Plays a case in a world and checks what it says.
final class Play {
  private static final Duration TIME_MAX = Duration.ofSeconds(30);

  private final GoldenCase golden;
  private final Mocks mocks;
  private final World world;
  private String workflow = "";
  private Optional<InstanceId> main = Optional.empty();
  private int published;

  private Play(GoldenCase golden, Mocks mocks, World world) {
    this.golden = golden;
    this.mocks = mocks;
    this.world = world;
  }

  /// Makes a world for a case.
  interface Maker {
    World make(GoldenCase golden, Mocks mocks);
  }

  /// Plays `golden`.
  static void play(GoldenCase golden, Maker maker) {
    assertTimeoutPreemptively(
        TIME_MAX,
        () -> {
          Mocks mocks = new Mocks(GoldenCase.object(golden.json(), "functions"));
          try (World world = maker.make(golden, mocks)) {
            new Play(golden, mocks, world).run();
          }
        });
  }

  private void run() {
    prepare();
    if (!golden.start().equals("none")) {
      main = Optional.of(world.start(workflow, golden.input(), golden.start().equals("manual")));
    }
    golden.steps().forEach(this::step);
    check(golden.json());
  }

  private void prepare() {
    JsonObject json = golden.json();
    GoldenCase.object(json, "secrets")
        .forEach(
            secret -> world.putSecret(secret.getKey(), ((JsonString) secret.getValue()).value()));
    String logToEvents = json.has("logToEvents") ? GoldenCase.text(json, "logToEvents") : "";
    List<String> sources = golden.workflows();
    for (int i = sources.size() - 1; i >= 0; i--) {
      workflow = world.put(sources.get(i), logToEvents);
    }
    JsonObject variables = GoldenCase.object(json, "variables");
    for (VariableScope scope : List.of(VariableScope.NAMESPACE, VariableScope.WORKFLOW)) {
      GoldenCase.object(variables, scope.word())
          .forEach(variable ->
              world.putVariable(scope, workflow, variable.getKey(), variable.getValue()));
    }
  }

  private void refuses(JsonObject step) {
    String wanted = step.has("workflow") ? GoldenCase.text(step, "workflow") : workflow;
    try {
      world.start(wanted, golden.input(), golden.start().equals("manual"));
    } catch (World.Refused e) {
      assertThat(e.getMessage()).isEqualTo(GoldenCase.text(step, "message"));
      return;
    }
    fail("the start was not refused");
  }

  /// Waits for starts that nobody here asked for.
  private void await(JsonObject counts) {
    Instant end = Instant.now().plusSeconds(20);
    for (var entry : counts) {
      int count = (int) ((JsonNumber) entry.getValue()).longValue();
      while (world.instances(entry.getKey()).size() < count) {
        if (Instant.now().isAfter(end)) {
          throw new AssertionError("there are no " + count + " instances of " + entry.getKey());
        }
        LockSupport.parkNanos(200_000);
      }
    }
  }

  private void step(JsonObject step) {
    String kind = step.keys().iterator().next();
    switch (kind) {
      case "advance" -> world.advance(Duration.parse(GoldenCase.text(step, kind)));
      case "event" -> world.publish(event((JsonObject) step.get(kind)));
      case "cancel" -> cancel(step);
      case "answer" -> {
        JsonObject answer = (JsonObject) step.get(kind);
        world.answer(mocks.waiting(answer), Mocks.outcome(answer));
      }
      case "await" -> await((JsonObject) step.get(kind));
      case "refuses" -> refuses((JsonObject) step.get(kind));
      case "start" -> world.start(workflow, step.get(kind), false);
      case "update" -> world.put(GoldenCase.text(step, kind), "");
      case "active" -> world.setActive(workflow, ((JsonBoolean) step.get(kind)).value());
      case "see" -> check((JsonObject) step.get(kind));
      default -> throw new IllegalArgumentException("there is no step \"" + kind + "\"");
    }
  }

  private void cancel(JsonObject step) {
    String reason = step.get("cancel") instanceof JsonString text ? text.value() : "";
    InstanceId id =
        step.has("of") ? world.instances(GoldenCase.text(step, "of")).getFirst() : instance();
    boolean isCancelled = world.cancel(id, reason);
    if (step.has("changes")) {
      assertThat(Json.of(isCancelled)).as("cancel changes").isEqualTo(step.get("changes"));
    }
  }

  /// An event, with id, source and version added where the case leaves them out.
  private CloudEvent event(JsonObject json) {
    published++;
    JsonObject.Builder event =
        JsonObject.builder()
            .put("specversion", "1.0")
            .put("id", "event-" + published)
            .put("source", "golden");
    json.forEach(attribute -> event.put(attribute.getKey(), attribute.getValue()));
    return new CloudEvent(event.build());
  }

  private InstanceId instance() {
    return main.orElseGet(() -> world.instances(workflow).getFirst());
  }

  private void check(JsonObject json) {
    Expected expected = new Expected(json);
    boolean isAboutInstance =
        main.isPresent()
            || !golden.start().equals("none")
            || json.has("status")
            || json.has("output")
            || json.has("visited");
    if (isAboutInstance) {
      expected.check(world.see(instance()));
    }
    expected.check(world, mocks, workflow);
  }
}
