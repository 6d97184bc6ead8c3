package io.direktiv.golden;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Step;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Visit;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.expression.ActionInput;
import io.direktiv.engine.logic.Engine;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.InvalidWorkflowException;
import io.direktiv.model.Start;
import io.direktiv.model.VariableScope;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.model.event.EventMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pure engine in a world of maps: effects are performed by hand, one after the other.
final class EngineWorld implements World {
  static final String NAMESPACE = "golden";

  private record Revision(int number, Workflow definition, String logToEvents) {}

  private record Letter(InstanceId id, Wake wake) {}

  private static final class Life {
    Instance instance;
    Workflow definition;
    final List<Visit> history = new ArrayList<>();
    final List<LogLine> logs = new ArrayList<>();
  }

  private final EngineSettings settings;
  private final ExecutionSettings limits;
  private final Engine engine;
  private final Mocks mocks;
  private final SettableClock clock = new SettableClock();
  private final Map<String, Revision> workflows = new LinkedHashMap<>();
  private final Map<String, Json> secrets = new HashMap<>();
  private final Map<String, byte[]> variables = new HashMap<>();
  private final Map<InstanceId, Life> lives = new LinkedHashMap<>();
  private final Map<TimerId, Instant> timers = new LinkedHashMap<>();
  private final Map<ListenerId, Effect.Listen> listeners = new LinkedHashMap<>();
  private final Map<ActionId, InstanceId> children = new HashMap<>();
  private final Map<ActionId, ActionCall> calls = new HashMap<>();
  private final List<JsonObject> events = new ArrayList<>();
  private final ArrayDeque<Letter> letters = new ArrayDeque<>();
  private int drawn;

  EngineWorld(EngineSettings settings, Mocks mocks) {
    this(settings, ExecutionSettings.DEFAULT, mocks);
  }

  EngineWorld(EngineSettings settings, ExecutionSettings limits, Mocks mocks) {
    this.settings = settings;
    this.limits = limits;
    this.engine = new Engine(settings);
    this.mocks = mocks;
  }

  // ---- what a case does ----

  @Override
  public String put(String source, String logToEvents) {
    try {
      Workflow definition = WorkflowReader.read(source).orThrow();
      Revision earlier = workflows.get(definition.id());
      int number = earlier == null ? 0 : earlier.number + 1;
      workflows.put(definition.id(), new Revision(number, definition, logToEvents));
      return definition.id();
    } catch (InvalidWorkflowException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  @Override
  public void setActive(String workflow, boolean isActive) {
    throw new UnsupportedOperationException("the engine knows no active workflows");
  }

  @Override
  public void putSecret(String name, String value) {
    secrets.put(name, Json.of(value));
  }

  @Override
  public void putVariable(VariableScope scope, String workflow, String key, Json value) {
    variables.put(name(scope, workflow, "", key), value.toBytes());
  }

  @Override
  public Optional<byte[]> variable(VariableScope scope, String workflow, String key) {
    return Optional.ofNullable(variables.get(name(scope, workflow, "", key)));
  }

  private static String name(VariableScope scope, String workflow, String instance, String key) {
    return switch (scope) {
      case NAMESPACE -> "namespace " + key;
      case WORKFLOW -> "workflow " + workflow + " " + key;
      case INSTANCE -> "instance " + instance + " " + key;
    };
  }

  @Override
  public InstanceId start(String workflow, Json input, boolean isManual) {
    InstanceId id = begin(workflow, input, new Invoker.Api());
    settle();
    return id;
  }

  private InstanceId begin(String workflow, Json input, Invoker invoker) {
    Revision revision = workflows.get(workflow);
    String suffix = String.format("%06d", ++drawn);
    InstanceId id = new InstanceId(NAMESPACE, workflow, suffix.replace('0', 'a'));
    Life life = new Life();
    life.definition = revision.definition;
    life.instance = engine.begin(id, workflow, revision.number, invoker, input, clock.instant());
    lives.put(id, life);
    letters.add(new Letter(id, new Wake.Continued(clock.instant())));
    return id;
  }

  @Override
  public void advance(Duration duration) {
    clock.advance(duration);
    settle();
    while (true) {
      Optional<TimerId> due =
          timers.entrySet().stream()
              .filter(timer -> !timer.getValue().isAfter(clock.instant()))
              .min(Comparator.comparing(Map.Entry::getValue))
              .map(Map.Entry::getKey);
      if (due.isEmpty()) {
        return;
      }
      timers.remove(due.get());
      wake(due.get().instance(), new Wake.TimerFired(clock.instant(), due.get()));
      settle();
    }
  }

  @Override
  public void publish(CloudEvent event) {
    deliver(event);
    settle();
  }

  private void deliver(CloudEvent event) {
    events.add(event.json());
    for (Effect.Listen listen : List.copyOf(listeners.values())) {
      List<Integer> fits = EventMatcher.fits(listen.filters(), event);
      if (!fits.isEmpty()) {
        ListenerId id = listen.listener();
        wake(id.instance(), new Wake.EventReceived(clock.instant(), id, fits, event));
      }
    }
    for (Map.Entry<String, Revision> workflow : List.copyOf(workflows.entrySet())) {
      Start start = workflow.getValue().definition.start();
      boolean isFit =
          switch (start) {
            case Start.Event(var _, var filter) -> EventMatcher.fits(filter, event);
            case Start.EventsXor(var _, var filters) ->
                !EventMatcher.fits(filters, event).isEmpty();
            case Start.Default _, Start.Scheduled _, Start.EventsAnd _ -> false;
          };
      if (isFit) {
        Json data = JsonObject.of(event.type(), event.payload());
        begin(workflow.getKey(), data, new Invoker.Events(List.of(event.id())));
      }
    }
  }

  @Override
  public boolean cancel(InstanceId id, String reason) {
    boolean isAlive = lives.get(id).instance.ending().isEmpty();
    String message = reason.isEmpty() ? "cancelled by api request" : reason;
    WorkflowError error = new WorkflowError(Codes.CANCEL_API, message);
    wake(id, new Wake.CancelRequested(clock.instant(), error));
    settle();
    return isAlive;
  }

  @Override
  public void answer(Mocks.Call call, Outcome outcome) {
    call.answer().complete(outcome);
    finish(calls.get(call.id()), outcome);
    settle();
  }

  // ---- what the world does ----

  private void wake(InstanceId id, Wake wake) {
    letters.add(new Letter(id, wake));
  }

  private void settle() {
    while (!letters.isEmpty()) {
      Letter letter = letters.poll();
      Life life = lives.get(letter.id);
      Variables visible = visible(letter.id);
      Optional<Step> step = engine.step(life.definition, life.instance, letter.wake, visible);
      step.ifPresent(s -> apply(life, s));
    }
  }

  private Variables visible(InstanceId id) {
    return new Variables() {
      @Override
      public Optional<byte[]> read(VariableScope scope, String key) {
        return Optional.ofNullable(variables.get(name(scope, id.workflow(), id.suffix(), key)));
      }

      @Override
      public String logToEvents() {
        return workflows.get(id.workflow()).logToEvents;
      }

      /// Events are delivered at once here, so none ever waits.
      @Override
      public boolean takesEvents() {
        return limits.waitingEventsMax() > 0;
      }
    };
  }

  private void apply(Life life, Step step) {
    boolean wasAlive = life.instance.ending().isEmpty();
    life.instance = step.instance();
    life.history.addAll(step.history());
    life.logs.addAll(step.logs());
    step.effects().forEach(effect -> perform(life, effect));
    if (step.isYielded()) {
      wake(life.instance.id(), new Wake.Continued(clock.instant()));
    }
    if (wasAlive && life.instance.ending().isPresent()) {
      ended(life.instance);
    }
  }

  private void ended(Instance instance) {
    if (instance.invoker() instanceof Invoker.Subflow(ActionId caller, _, _, _, boolean isAwaited)
        && isAwaited) {
      Instance.Ending ending = instance.ending().orElseThrow();
      Outcome outcome =
          ending.status() == Status.COMPLETE
              ? new Outcome.Returned(ending.output().orElseThrow())
              : new Outcome.Failed(
                  Failure.catchable(
                      ending.error().orElseThrow().code(), ending.error().orElseThrow().message()));
      wake(caller.instance(), new Wake.ActionFinished(clock.instant(), caller, outcome));
    }
  }

  private void perform(Life life, Effect effect) {
    switch (effect) {
      case Effect.Perform(ActionCall call) -> call(call);
      case Effect.CancelAction(ActionId id) -> {
        mocks.cancel(id);
        Optional.ofNullable(children.get(id))
            .ifPresent(child ->
                wake(
                    child,
                    new Wake.CancelRequested(
                        clock.instant(),
                        new WorkflowError(Codes.CANCEL_PARENT, "cancelled by parent workflow"))));
      }
      case Effect.SetTimer(TimerId timer, Instant due) -> timers.put(timer, due);
      case Effect.ClearTimer(TimerId timer) -> timers.remove(timer);
      case Effect.Listen listen -> listeners.put(listen.listener(), listen);
      case Effect.StopListening(ListenerId listener) -> listeners.remove(listener);
      case Effect.Publish(CloudEvent event) -> deliver(event);
      case Effect.SetVariable(var scope, String key, Optional<byte[]> value, String _) -> {
        InstanceId id = life.instance.id();
        String name = name(scope, id.workflow(), id.suffix(), key);
        value.ifPresentOrElse(bytes -> variables.put(name, bytes), () -> variables.remove(name));
      }
    }
  }

  private void call(ActionCall call) {
    Map<String, Json> opened = new LinkedHashMap<>();
    for (String secret : call.secrets()) {
      if (!secrets.containsKey(secret)) {
        finish(
            call,
            new Outcome.Failed(
                Failure.uncatchable(Codes.SECRET_NOT_FOUND, "secret '" + secret + "' not found")));
        return;
      }
      opened.put(secret, secrets.get(secret));
    }
    switch (ActionInput.evaluate(call, opened, settings.queryLimits())) {
      case Outcome.Failed failed -> finish(call, failed);
      case Outcome.Returned(Json input) -> call(call, input);
    }
  }

  private void call(ActionCall call, Json input) {
    switch (call.target()) {
      case ActionCall.Target.Function(var function) -> {
        calls.put(call.id(), call);
        Mocks.Call made = mocks.call(call.id(), function.id(), input);
        if (made.answer().isDone()) {
          finish(call, made.answer().join(), made.leaves());
        }
      }
      case ActionCall.Target.Subflow(String workflow) -> {
        Revision revision = workflows.get(workflow);
        if (revision == null) {
          String message = "workflow '" + workflow + "' does not exist";
          finish(call, new Outcome.Failed(Failure.uncatchable(Codes.SUBFLOW_NOT_EXIST, message)));
          return;
        }
        Invoker invoker =
            new Invoker.Subflow(
                call.id(), call.root(), call.state(), call.depth(), !call.isAsync());
        if (living(call.root()) >= limits.livingSubflowsMax()) {
          finish(call, new Outcome.Failed(Failure.catchable(Codes.SUBFLOWS, "too many live")));
          return;
        }
        children.put(call.id(), begin(workflow, input, invoker));
      }
    }
  }

  private long living(InstanceId root) {
    return lives.values().stream()
        .map(life -> life.instance)
        .filter(instance -> instance.ending().isEmpty() && !instance.id().equals(root))
        .filter(instance -> instance.invoker().root(instance.id()).equals(root))
        .count();
  }

  private void finish(ActionCall call, Outcome outcome) {
    finish(call, outcome, List.of());
  }

  /// @param leaves variables that count only when the action returned
  private void finish(ActionCall call, Outcome outcome, List<Effect.SetVariable> leaves) {
    List<Effect.SetVariable> left = outcome instanceof Outcome.Returned ? leaves : List.of();
    if (!call.isAsync()) {
      wake(
          call.id().instance(), new Wake.ActionFinished(clock.instant(), call.id(), outcome, left));
      return;
    }
    left.forEach(variable -> perform(lives.get(call.id().instance()), variable));
  }

  // ---- what a case sees ----

  @Override
  public Seen see(InstanceId id) {
    Life life = lives.get(id);
    List<Instant> due =
        timers.entrySet().stream()
            .filter(timer -> timer.getKey().instance().equals(id))
            .map(Map.Entry::getValue)
            .sorted()
            .toList();
    return new Seen(life.instance, life.history, life.logs, due);
  }

  @Override
  public List<InstanceId> instances(String workflow) {
    return lives.keySet().stream().filter(id -> id.workflow().equals(workflow)).toList();
  }

  @Override
  public List<JsonObject> events() {
    return events;
  }

  @Override
  public void close() {
    // Nothing to free.
  }
}
