package io.direktiv.engine.logic;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.Limits;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Step;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.expression.Expressions;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Action;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import io.direktiv.model.State;
import io.direktiv.model.VariableScope;
import io.direktiv.model.Workflow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A step under construction: the instance as it is so far, and what was collected. For one thread,
/// and only while a step is decided.
final class Turn {
  private record VariableName(VariableScope scope, String key) {}

  private final EngineSettings settings;
  private final Workflow definition;
  private final Variables variables;
  private final Instant at;
  private final List<Effect> effects = new ArrayList<>();
  private final List<Visit> history = new ArrayList<>();
  private final List<LogLine> logs = new ArrayList<>();
  private final Map<VariableName, Optional<byte[]>> written = new HashMap<>();
  private Instance instance;

  Turn(
      EngineSettings settings,
      Workflow definition,
      Variables variables,
      Instance instance,
      Instant at) {
    this.settings = settings;
    this.definition = definition;
    this.variables = variables;
    this.instance = instance;
    this.at = at;
  }

  EngineSettings settings() {
    return settings;
  }

  Workflow definition() {
    return definition;
  }

  Instance instance() {
    return instance;
  }

  Instant at() {
    return at;
  }

  int step() {
    return instance.step();
  }

  /// The data with which the current state was entered.
  JsonObject data() {
    return instance.data();
  }

  State state() {
    return definition.state(instance.stateId()).orElseThrow();
  }

  Expressions expressions() {
    return new Expressions(settings.queryLimits(), false);
  }

  // ---- what logics collect ----

  void log(String message) {
    logs.add(LogLine.info(at, message));
  }

  void logError(String message) {
    logs.add(LogLine.error(at, message));
  }

  /// Logs that the actions of the state get secrets; once for a state, however many actions it has.
  void logSecrets(List<Action> actions) {
    if (actions.stream().anyMatch(action -> !action.secrets().isEmpty())) {
      log("Decrypting secrets.");
    }
  }

  /// Starts the action of a branch.
  void perform(int branch, Json data) {
    ActionCall call = Calls.of(definition, instance, state(), branch, data).orElseThrow();
    boolean isTooDeep =
        call.target() instanceof ActionCall.Target.Subflow
            && call.depth() > settings.subflowDepthMax();
    if (isTooDeep) {
      throw new StateFailure(
          Failure.uncatchable(
              Codes.DEPTH,
              "subflows are nested deeper than the limit of " + settings.subflowDepthMax()));
    }
    effects.add(new Effect.Perform(call));
  }

  /// Stops the actions of `acting` that have not answered.
  void cancelRunning(Activity.Acting acting) {
    for (int i = 0; i < acting.branches().size(); i++) {
      Activity.Branch branch = acting.branches().get(i);
      if (branch.isStarted() && branch.outcome().isEmpty()) {
        ActionId id = new ActionId(instance.id(), instance.step(), i);
        boolean isNew =
            effects.removeIf(effect ->
                effect instanceof Effect.Perform(ActionCall call) && call.id().equals(id));
        if (!isNew) {
          effects.add(new Effect.CancelAction(id));
        }
      }
    }
  }

  private TimerId timer(String kind) {
    return new TimerId(instance.id(), kind + ":" + instance.step());
  }

  void setTimer(String kind, Instant due) {
    effects.add(new Effect.SetTimer(timer(kind), due));
  }

  void clearTimer(String kind) {
    effects.add(new Effect.ClearTimer(timer(kind)));
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  void listen(List<EventFilter> filters, boolean isAll) {
    effects.add(new Effect.Listen(new ListenerId(instance.id(), instance.step()), filters, isAll));
  }

  /// True while events of the namespace are accepted.
  boolean takesEvents() {
    return variables.takesEvents();
  }

  void publish(CloudEvent event) {
    effects.add(new Effect.Publish(event));
  }

  /// Logs the value of a state's `log`, and publishes it when the workflow says so.
  void logValue(Json value) {
    String text = value.toPrettyString();
    log(text);
    String logger = variables.logToEvents();
    if (!logger.isEmpty() && !takesEvents()) {
      logError("The value is not published as an event: too many wait to be delivered.");
    } else if (!logger.isEmpty()) {
      publish(
          new CloudEvent(
              JsonObject.builder()
                  .put("specversion", "1.0")
                  .put("id", nameForEvent("log"))
                  .put("source", instance.id().workflow())
                  .put("type", "direktiv.instanceLog")
                  .put("time", at.toString())
                  .put("logger", logger)
                  .put("datacontenttype", "application/json")
                  .put("data", text)
                  .build()));
    }
  }

  /// The id of an event of the current visit; the same when the step is decided again.
  String nameForEvent(String kind) {
    String name = instance.id() + ":" + instance.step() + ":" + kind;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  Optional<byte[]> variable(VariableScope scope, String key) {
    Optional<byte[]> own = written.get(new VariableName(scope, key));
    return own != null ? own : variables.read(scope, key);
  }

  void setVariable(Effect.SetVariable effect) {
    written.put(new VariableName(effect.scope(), effect.key()), effect.value());
    effects.add(effect);
  }

  /// Remembers the error that the instance will end with.
  void raise(WorkflowError error) {
    if (instance.raised().isPresent()) {
      throw StateFailure.catchable(
          Codes.MULTIPLE_ERRORS,
          "an error was raised already: '" + instance.raised().get().code() + "'");
    }
    instance = with(instance.data(), instance.activity(), Optional.of(error), instance.ending());
  }

  // ---- what the engine changes ----

  private Instance with(
      JsonObject data,
      Activity activity,
      Optional<WorkflowError> raised,
      Optional<Instance.Ending> ending) {
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
        data,
        instance.attempt(),
        instance.enteredAt(),
        activity,
        raised,
        ending);
  }

  void setActivity(Activity activity) {
    instance = with(instance.data(), activity, instance.raised(), instance.ending());
  }

  void setEnding(JsonObject data, Instance.Ending ending) {
    instance = with(data, new Activity.Ready(), instance.raised(), Optional.of(ending));
  }

  /// Enters a state; its logic is run next.
  void enter(String state, JsonObject data, int attempt) {
    List<String> flow = new ArrayList<>(instance.flow());
    flow.add(state);
    if (flow.size() > Limits.FLOW_MAX) {
      flow.removeFirst();
    }
    instance =
        new Instance(
            instance.id(),
            instance.workflow(),
            instance.revision(),
            instance.invoker(),
            instance.input(),
            instance.beganAt(),
            instance.sequence(),
            state,
            instance.step() + 1,
            flow,
            data,
            attempt,
            at,
            new Activity.Ready(),
            instance.raised(),
            Optional.empty());
  }

  /// Remembers the visit that ends now.
  void visited(
      Visit.Result result,
      Optional<Json> data,
      Optional<WorkflowError> error,
      Optional<String> next) {
    if (settings.historyBytesMax() == 0 && result == Visit.Result.PASSED) {
      data = Optional.empty();
    }
    State state = state();
    history.add(
        new Visit(
            instance.step(),
            state.id(),
            state.type(),
            instance.attempt(),
            instance.enteredAt(),
            at,
            result,
            data,
            error,
            next));
  }

  Step toStep(boolean recorded, boolean isYielded) {
    Instance next =
        new Instance(
            instance.id(),
            instance.workflow(),
            instance.revision(),
            instance.invoker(),
            instance.input(),
            instance.beganAt(),
            instance.sequence() + 1,
            instance.stateId(),
            instance.step(),
            instance.flow(),
            instance.data(),
            instance.attempt(),
            instance.enteredAt(),
            instance.activity(),
            instance.raised(),
            instance.ending());
    return new Step(next, recorded, effects, history, logs, isYielded);
  }
}
