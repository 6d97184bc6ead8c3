package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.ACTION;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.Failure;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Wake;
import io.direktiv.engine.expression.ActionInput;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.functions.FunctionCall;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.secrets.VaultException;
import io.direktiv.store.Change;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Performs actions: decrypts what the input needs, computes it, calls, and hands the outcome back.
///
/// Secrets exist here only between the store and the callee. An action is `running` from the moment
/// it is taken up until its outcome is on disk, so that it is not taken up twice; for a subflow
/// only until the child was started, since the child then stands for itself.
final class Performer {
  private static final Logger LOG = LoggerFactory.getLogger(Performer.class);

  /// An action on its way.
  private static final class Performance {
    volatile boolean isCancelled;
  }

  private final Collaborators with;
  private final Workers workers;
  private final Runner runner;
  private final Watchers watchers;
  private final PatientWriter writer;
  private final Children children;
  private final Map<ActionId, Performance> running = new ConcurrentHashMap<>();
  private volatile boolean isStopped;

  Performer(
      Collaborators with,
      DefinitionCache definitions,
      Workers workers,
      Runner runner,
      Starter starter,
      Watchers watchers) {
    this.with = with;
    this.workers = workers;
    this.runner = runner;
    this.watchers = watchers;
    this.writer = new PatientWriter(with.store(), with.clock(), workers);
    this.children = new Children(with, definitions, runner, starter);
  }

  /// How many actions are under way.
  int running() {
    return running.size();
  }

  /// True while the action is under way.
  boolean isRunning(ActionId id) {
    return running.containsKey(id);
  }

  /// Performs an action; one that is being performed already is left alone.
  void perform(ActionCall call) {
    Performance performance = new Performance();
    if (running.putIfAbsent(call.id(), performance) == null) {
      decide(call, performance);
    }
  }

  private void decide(ActionCall call, Performance performance) {
    try {
      workers.decide(call.id().instance().namespace(), () -> begin(call, performance));
    } catch (RejectedExecutionException _) {
      running.remove(call.id());
    }
  }

  private void begin(ActionCall call, Performance performance) {
    if (performance.isCancelled) {
      running.remove(call.id());
      return;
    }
    try {
      switch (input(call)) {
        case Outcome.Failed failed -> finish(call, failed);
        case Outcome.Returned(Json input) -> call(call, performance, input);
      }
    } catch (StoreException e) {
      LOG.atWarn().addKeyValue(ACTION, call.id()).log("the store failed, {}", e.getMessage());
      writer.later(() -> decide(call, performance));
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue(ACTION, call.id()).setCause(e).log("action could not be begun");
      finish(call, new Outcome.Failed(Failure.internal("the action could not be begun")));
    }
  }

  private Outcome input(ActionCall call) {
    Map<String, Json> secrets = new HashMap<>();
    if (!call.secrets().isEmpty()) {
      String name = call.id().instance().namespace();
      Optional<NamespaceRecord> namespace = with.store().definitions().namespace(name);
      for (String secret : call.secrets()) {
        Optional<SecretRecord> record = with.store().holdings().secret(name, secret);
        if (namespace.isEmpty() || record.isEmpty()) {
          return new Outcome.Failed(
              Failure.uncatchable(Codes.SECRET_NOT_FOUND, "secret '" + secret + "' not found"));
        }
        try {
          byte[] plain = with.vault().open(namespace.get(), secret, record.get().sealed());
          secrets.put(secret, Json.of(new String(plain, StandardCharsets.UTF_8)));
        } catch (VaultException e) {
          return new Outcome.Failed(
              Failure.uncatchable(
                  Codes.SECRET_NOT_FOUND,
                  "secret '" + secret + "' cannot be decrypted with this server's master key"));
        }
      }
    }
    return ActionInput.evaluate(call, secrets, with.queryLimits());
  }

  private void call(ActionCall call, Performance performance, Json input) {
    switch (call.target()) {
      case ActionCall.Target.Subflow(String workflow) ->
          children
              .start(call, workflow, input)
              .whenCompleteAsync(
                  (begun, failure) -> childStarted(call, performance, begun, failure),
                  workers::follow);
      case ActionCall.Target.Function(FunctionDefinition function) -> {
        ActionVariables variables =
            new ActionVariables(with.store(), with.clock(), writer, call.id());
        FunctionCall request =
            new FunctionCall(
                call.id(),
                call.id().instance().namespace(),
                function,
                input,
                Optional.empty(),
                variables);
        workers.call(
            "function-" + call.id(), () -> callFunction(call, performance, request, variables));
      }
    }
  }

  private void callFunction(
      ActionCall call, Performance performance, FunctionCall request, ActionVariables variables) {
    if (performance.isCancelled) {
      running.remove(call.id());
      return;
    }
    InstanceLog log = log(call);
    Optional<Outcome> outcome = callFunction(request, log);
    log.close()
        .whenCompleteAsync(
            (_, _) ->
                outcome.ifPresentOrElse(
                    known -> finish(call, known, variables),
                    () -> writer.later(() -> decide(call, performance))),
            workers::follow);
  }

  private InstanceLog log(ActionCall call) {
    InstanceId instance = call.id().instance();
    return new InstanceLog(
        writer,
        instance,
        lines ->
            watchers.tell(
                instance.namespace(),
                new Execution.Change(instance, Status.PENDING, call.state(), lines)));
  }

  /// Calls; empty when the store failed and it is to be done again.
  private Optional<Outcome> callFunction(FunctionCall request, InstanceLog log) {
    try {
      return Optional.of(with.functions().call(request, log));
    } catch (StoreException e) {
      LOG.atWarn().addKeyValue(ACTION, request.id()).log("the store failed, {}", e.getMessage());
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue(ACTION, request.id()).setCause(e).log("function call failed");
      return Optional.of(new Outcome.Failed(Failure.internal("the function could not be called")));
    }
  }

  private void childStarted(
      ActionCall call, Performance performance, Children.Begun begun, Throwable failure) {
    if (failure != null) {
      LOG.atError()
          .addKeyValue(ACTION, call.id())
          .setCause(PatientWriter.cause(failure))
          .log("subflow did not start");
      finish(call, new Outcome.Failed(Failure.internal("the subflow could not be started")));
      return;
    }
    switch (begun) {
      case Children.Begun.Started _, Children.Begun.Unwanted _, Children.Begun.Left _ ->
          running.remove(call.id());
      case Children.Begun.Refused(Failure refusal) -> finish(call, new Outcome.Failed(refusal));
      case Children.Begun.NotNow _ -> writer.later(() -> decide(call, performance));
    }
  }

  // ---- ends ----

  private void finish(ActionCall call, Outcome outcome) {
    finish(call, outcome, new ActionVariables(with.store(), with.clock(), writer, call.id()));
  }

  /// @param variables what the action left is written only when it returned
  private void finish(ActionCall call, Outcome outcome, ActionVariables variables) {
    if (isStopped) {
      return;
    }
    List<Effect.SetVariable> left =
        outcome instanceof Outcome.Returned ? variables.left() : List.of();
    if (call.isAsync()) {
      finishAsync(call, () -> asyncEnd(call, outcome, variables.changes(left)));
      return;
    }
    Wake wake = new Wake.ActionFinished(with.clock().instant(), call.id(), outcome, left);
    runner.wake(call.id().instance(), wake).whenComplete((_, _) -> running.remove(call.id()));
  }

  /// By way of the workers, which refuse it when the server stops: then the outcome means nothing.
  private void finishAsync(ActionCall call, Supplier<List<Change>> end) {
    try {
      workers.decide(call.id().instance().namespace(), () -> write(call, end));
    } catch (RejectedExecutionException _) {
      running.remove(call.id());
    }
  }

  private void write(ActionCall call, Supplier<List<Change>> end) {
    try {
      writer.write(end.get()).whenComplete((_, _) -> running.remove(call.id()));
    } catch (StoreException e) {
      LOG.atWarn().addKeyValue(ACTION, call.id()).log("the store failed, {}", e.getMessage());
      writer.later(() -> finishAsync(call, end));
    }
  }

  private List<Change> asyncEnd(ActionCall call, Outcome outcome, List<Change> variables) {
    List<Change> changes = new ArrayList<>(variables);
    if (!variables.isEmpty()) {
      changes.addFirst(new Change.RequireAction(call.id()));
    }
    changes.add(new Change.DeleteAction(call.id()));
    if (outcome instanceof Outcome.Failed(Failure failure)) {
      String message =
          "Asynchronous action failed with error '"
              + failure.error().code()
              + "': "
              + failure.error().message();
      LogLine line = LogLine.error(with.clock().instant(), message);
      changes.add(new Change.AppendHistory(call.id().instance(), List.of(), List.of(line)));
    }
    return changes;
  }

  /// Stops an action: its function, or the instance that it started. Done once the child's end is
  /// on disk; until then a restart stops it again.
  void cancel(ActionId id) {
    cancelFunction(id);
    try {
      children
          .cancel(id)
          .thenCompose(_ -> writer.write(List.of(new Change.DeleteAction(id))))
          .exceptionally(failure -> {
            LOG.atWarn()
                .addKeyValue(ACTION, id)
                .log("a cancelled action is not yet stopped: {}", failure.getMessage());
            return null;
          });
    } catch (StoreException e) {
      LOG.atWarn().addKeyValue(ACTION, id).log("the store failed, {}", e.getMessage());
      writer.later(() -> cancel(id));
    }
  }

  /// Stops a function, and again until it has ended: it may be just about to begin.
  private void cancelFunction(ActionId id) {
    Performance performance = running.get(id);
    if (performance != null) {
      performance.isCancelled = true;
    }
    with.functions().cancel(id);
    if (performance != null && running.get(id) == performance) {
      writer.later(() -> {
        if (running.get(id) == performance) {
          cancelFunction(id);
        }
      });
    }
  }

  /// Ignores outcomes from now on: the actions stay in the store and are performed after a restart.
  void stop() {
    isStopped = true;
  }

  /// Stops the functions of a namespace whose actions are gone.
  void forget(String namespace) {
    running.keySet().stream()
        .filter(id -> id.instance().namespace().equals(namespace))
        .filter(id -> with.store().waits().action(id).isEmpty())
        .forEach(this::cancelFunction);
  }

  /// The subflows of instances.
  Children children() {
    return children;
  }
}
