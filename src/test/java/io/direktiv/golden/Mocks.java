package io.direktiv.golden;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Effect;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Outcome;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.VariableScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What the functions of a case answer. Safe for use by many threads.
///
/// A function has a list of answers. A call takes the first one that was not taken and whose
/// `with`, if it has one, is the call's input; when all that fit were taken, the last of them
/// again.
final class Mocks {
  /// A call that was made.
  ///
  /// @param leaves the variables that it leaves, whatever it answers
  record Call(
      ActionId id,
      String function,
      Json input,
      CompletableFuture<Outcome> answer,
      List<Effect.SetVariable> leaves) {}

  private final JsonObject answers;
  private final Map<String, List<Boolean>> taken = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<ActionId> cancelled = new ArrayList<>();

  Mocks(JsonObject answers) {
    this.answers = answers;
  }

  /// Makes a call; the answer is incomplete for one that `waits`.
  synchronized Call call(ActionId id, String function, Json input) {
    Optional<Call> earlier = calls.stream().filter(call -> call.id().equals(id)).findFirst();
    if (earlier.isPresent()) {
      return earlier.get();
    }
    JsonObject answer = next(function, input);
    Call call = new Call(id, function, input, new CompletableFuture<>(), leaves(answer));
    calls.add(call);
    if (!answer.has("waits")) {
      call.answer.complete(outcome(answer));
    }
    return call;
  }

  private JsonObject next(String function, Json input) {
    if (!(answers.get(function) instanceof JsonArray all)) {
      throw new AssertionError("the case does not say what function '" + function + "' answers");
    }
    List<Boolean> used =
        taken.computeIfAbsent(
            function, _ -> new ArrayList<>(java.util.Collections.nCopies(all.size(), false)));
    int last = -1;
    for (int i = 0; i < all.size(); i++) {
      JsonObject answer = (JsonObject) all.get(i);
      if (!answer.has("with") || answer.get("with").equals(input)) {
        last = i;
        if (!used.get(i)) {
          break;
        }
      }
    }
    if (last < 0) {
      throw new AssertionError("function '" + function + "' has no answer for " + input);
    }
    used.set(last, true);
    return (JsonObject) all.get(last);
  }

  private static List<Effect.SetVariable> leaves(JsonObject answer) {
    List<Effect.SetVariable> leaves = new ArrayList<>();
    for (VariableScope scope : VariableScope.values()) {
      if (answer.get("leaves") instanceof JsonObject scopes
          && scopes.get(scope.word()) instanceof JsonObject values) {
        for (String key : values.keys()) {
          Optional<byte[]> value =
              Optional.of(values.get(key)).filter(v -> v != Json.NULL).map(Json::toBytes);
          leaves.add(new Effect.SetVariable(scope, key, value, "application/json"));
        }
      }
    }
    return leaves;
  }

  /// The outcome that `returns`, `fails` or `crashes` describes.
  static Outcome outcome(JsonObject answer) {
    if (answer.get("fails") instanceof JsonObject error) {
      return new Outcome.Failed(
          Failure.catchable(text(error.get("code")), text(error.get("message"))));
    }
    if (answer.has("crashes")) {
      return new Outcome.Failed(Failure.internal(text(answer.get("crashes"))));
    }
    if (!answer.has("returns")) {
      throw new AssertionError("neither returns nor fails, crashes or waits: " + answer);
    }
    return new Outcome.Returned(answer.get("returns"));
  }

  private static String text(Json json) {
    return ((JsonString) json).value();
  }

  /// The first waiting call that a step `answer` means.
  synchronized Call waiting(JsonObject step) {
    return calls.stream()
        .filter(call -> !call.answer.isDone() && call.function.equals(text(step.get("function"))))
        .filter(call -> !step.has("with") || step.get("with").equals(call.input))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody waits for " + step + ", calls: " + calls));
  }

  synchronized boolean isWaiting(ActionId id) {
    return calls.stream().anyMatch(call -> call.id.equals(id) && !call.answer.isDone());
  }

  synchronized void cancel(ActionId id) {
    cancelled.add(id);
    calls.stream()
        .filter(call -> call.id.equals(id))
        .forEach(call ->
            call.answer.complete(new Outcome.Failed(Failure.internal("the call was stopped"))));
  }

  /// The inputs with which a function was called.
  synchronized List<Json> inputs(String function) {
    return calls.stream().filter(call -> call.function.equals(function)).map(Call::input).toList();
  }

  /// The functions whose calls were stopped.
  synchronized List<String> cancelled() {
    return calls.stream().filter(call -> cancelled.contains(call.id)).map(Call::function).toList();
  }
}
