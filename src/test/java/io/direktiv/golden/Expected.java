package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Instance;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.VariableScope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a case says of an instance and of the world around it.
final class Expected {
  private static final Set<String> OF_INSTANCE =
      Set.of(
          "status",
          "visited",
          "output",
          "error",
          "data",
          "began",
          "raised",
          "logs",
          "log",
          "unlogged",
          "errors",
          "history",
          "timers",
          "revision");
  private static final Set<String> OF_WORLD =
      Set.of("calls", "stopped", "events", "kept", "instances");

  /// Every key of an expectation.
  static final Set<String> KEYS = union();

  private final JsonObject json;

  Expected(JsonObject json) {
    this.json = json;
  }

  private static Set<String> union() {
    Set<String> all = new java.util.TreeSet<>(OF_INSTANCE);
    all.addAll(OF_WORLD);
    return Set.copyOf(all);
  }

  // ---- one instance ----

  /// Checks one instance; without `status` it must have completed, or failed when there is an
  /// `error`.
  void check(World.Seen seen) {
    Instance instance = seen.instance();
    String usual = json.has("error") ? "failed" : "complete";
    String status = json.has("status") ? GoldenCase.text(json, "status") : usual;
    Optional<WorkflowError> error = instance.ending().flatMap(Instance.Ending::error);
    assertThat(instance.status().word())
        .as("status (error: %s, log: %s)", error, messages(seen.logs()))
        .isEqualTo(status);
    if (json.get("error") instanceof JsonObject wanted) {
      checkError("error", wanted, error);
    } else if (status.equals("complete")) {
      assertThat(error).as("error").isEmpty();
    }
    if (json.get("raised") instanceof JsonObject wanted) {
      checkError("raised", wanted, instance.raised());
    }
    if (json.has("visited")) {
      assertThat(instance.flow()).as("visited").isEqualTo(GoldenCase.texts(json, "visited"));
    }
    if (json.has("output")) {
      Json output = instance.ending().flatMap(Instance.Ending::output).orElse(Json.NULL);
      assertThat(output).as("output").isEqualTo(json.get("output"));
    }
    if (json.has("data")) {
      assertThat(instance.data()).as("data").isEqualTo(json.get("data"));
    }
    if (json.has("began")) {
      assertThat(instance.input()).as("began with").isEqualTo(json.get("began"));
    }
    if (json.get("revision") instanceof JsonNumber revision) {
      assertThat(instance.revision()).as("revision").isEqualTo((int) revision.longValue());
    }
    if (json.has("timers")) {
      List<Instant> due =
          GoldenCase.texts(json, "timers").stream().map(Expected::instant).sorted().toList();
      assertThat(seen.timers()).as("timers").isEqualTo(due);
    }
    checkLogs(seen.logs());
    checkHistory(seen.history());
  }

  private static Instant instant(String afterBeginning) {
    return SettableClock.BEGINNING.plus(Duration.parse(afterBeginning));
  }

  private static void checkError(String what, JsonObject wanted, Optional<WorkflowError> found) {
    assertThat(found).as(what).isPresent();
    assertThat(found.get().code()).as("%s code", what).isEqualTo(GoldenCase.text(wanted, "code"));
    if (wanted.has("message")) {
      assertMatches(what + " message", found.get().message(), GoldenCase.text(wanted, "message"));
    }
    for (String secret : GoldenCase.texts(wanted, "unsaid")) {
      assertThat(found.get().message()).as("%s message", what).doesNotContain(secret);
    }
  }

  /// A text in which `…` stands for anything.
  static boolean matches(String text, String pattern) {
    String regex =
        java.util.Arrays.stream(pattern.split("…", -1))
            .map(Pattern::quote)
            .collect(java.util.stream.Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
  }

  private static void assertMatches(String what, String text, String pattern) {
    assertThat(matches(text, pattern))
        .as("%s%n  wanted: %s%n  found:  %s", what, pattern, text)
        .isTrue();
  }

  private static List<String> messages(List<LogLine> logs) {
    return logs.stream().map(LogLine::message).toList();
  }

  /// `log` is the whole log, `logs` are lines in this order with others between, `errors` the same
  /// of level error, `unlogged` are lines that must not be there.
  private void checkLogs(List<LogLine> logs) {
    List<String> all = messages(logs);
    if (json.has("log")) {
      List<String> wanted = GoldenCase.texts(json, "log");
      boolean isSame = wanted.size() == all.size();
      for (int i = 0; isSame && i < all.size(); i++) {
        isSame = matches(all.get(i), wanted.get(i));
      }
      assertThat(isSame)
          .as(
              "log%n  wanted: %s%n  found:  %s",
              String.join("\n          ", wanted), String.join("\n          ", all))
          .isTrue();
    }
    checkInOrder("logs", all, GoldenCase.texts(json, "logs"));
    List<String> errors =
        messages(logs.stream().filter(line -> line.level() == LogLine.Level.ERROR).toList());
    checkInOrder("errors", errors, GoldenCase.texts(json, "errors"));
    for (String line : GoldenCase.texts(json, "unlogged")) {
      assertThat(all).as("unlogged").noneMatch(found -> matches(found, line));
    }
  }

  private static void checkInOrder(String what, List<String> found, List<String> wanted) {
    int next = 0;
    for (String line : found) {
      if (next < wanted.size() && matches(line, wanted.get(next))) {
        next++;
      }
    }
    assertThat(next)
        .as(
            "%s: missing %s in%n  %s",
            what, next < wanted.size() ? wanted.get(next) : "nothing", String.join("\n  ", found))
        .isEqualTo(wanted.size());
  }

  private void checkHistory(List<Visit> history) {
    if (!(json.get("history") instanceof JsonArray wanted)) {
      return;
    }
    assertThat(history.stream().map(Visit::state).toList())
        .as("history")
        .isEqualTo(
            wanted.toList().stream()
                .map(visit -> GoldenCase.text((JsonObject) visit, "state"))
                .toList());
    for (int i = 0; i < history.size(); i++) {
      checkVisit((JsonObject) wanted.get(i), history.get(i));
    }
  }

  private static void checkVisit(JsonObject wanted, Visit visit) {
    for (Map.Entry<String, Json> part : wanted) {
      Json found =
          switch (part.getKey()) {
            case "state" -> Json.of(visit.state());
            case "type" -> Json.of(visit.type());
            case "step" -> Json.of(visit.step());
            case "attempt" -> Json.of(visit.attempt());
            case "result" -> Json.of(visit.result().word());
            case "entered" -> offset(visit.enteredAt());
            case "left" -> offset(visit.leftAt());
            case "data" -> visit.data().orElse(Json.NULL);
            case "next" -> visit.next().<Json>map(Json::of).orElse(Json.NULL);
            case "error" ->
                visit.error().<Json>map(error -> Json.of(error.code())).orElse(Json.NULL);
            default -> throw new IllegalArgumentException("a visit has no " + part.getKey());
          };
      assertThat(found)
          .as("%s of visit %s of history", part.getKey(), visit.step())
          .isEqualTo(part.getValue());
    }
  }

  private static Json offset(Instant time) {
    return Json.of(Duration.between(SettableClock.BEGINNING, time).toString());
  }

  // ---- the world ----

  /// Checks calls of functions, events, variables and instances of other workflows.
  void check(World world, Mocks mocks, String workflow) {
    GoldenCase.object(json, "calls")
        .forEach(call -> {
          List<Json> inputs = ((JsonArray) call.getValue()).toList();
          assertThat(mocks.inputs(call.getKey()))
              .as("inputs of %s", call.getKey())
              .containsExactlyInAnyOrderElementsOf(inputs);
        });
    if (json.has("stopped")) {
      assertThat(mocks.cancelled())
          .as("stopped functions")
          .containsExactlyInAnyOrderElementsOf(GoldenCase.texts(json, "stopped"));
    }
    if (json.get("events") instanceof JsonArray wanted) {
      checkEvents(wanted, world.events());
    }
    JsonObject kept = GoldenCase.object(json, "kept");
    for (VariableScope scope : List.of(VariableScope.NAMESPACE, VariableScope.WORKFLOW)) {
      GoldenCase.object(kept, scope.word())
          .forEach(variable ->
              checkVariable(world, scope, workflow, variable.getKey(), variable.getValue()));
    }
    GoldenCase.object(json, "instances")
        .forEach(entry -> checkInstances(world, entry.getKey(), (JsonArray) entry.getValue()));
  }

  private static void checkInstances(World world, String workflow, JsonArray wanted) {
    var ids = world.instances(workflow);
    assertThat(ids).as("instances of %s", workflow).hasSize(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      new Expected((JsonObject) wanted.get(i)).check(world.see(ids.get(i)));
    }
  }

  private static void checkEvents(JsonArray wanted, List<JsonObject> found) {
    assertThat(found).as("events").hasSize(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      JsonObject event = found.get(i);
      ((JsonObject) wanted.get(i))
          .forEach(attribute -> {
            Json value = event.has(attribute.getKey()) ? event.get(attribute.getKey()) : Json.NULL;
            assertThat(value)
                .as("%s of event %s", attribute.getKey(), event)
                .isEqualTo(attribute.getValue());
          });
    }
  }

  private static void checkVariable(
      World world, VariableScope scope, String workflow, String key, Json wanted) {
    Json found =
        world
            .variable(scope, workflow, key)
            .map(bytes -> value(new String(bytes, StandardCharsets.UTF_8)))
            .orElse(Json.NULL);
    assertThat(found).as("variable %s", key).isEqualTo(wanted);
  }

  private static Json value(String text) {
    try {
      return Json.parse(text);
    } catch (RuntimeException _) {
      return new JsonString(text);
    }
  }
}
