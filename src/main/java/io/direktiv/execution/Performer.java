package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.ACTION;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.ActionInput;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.functions.FunctionCall;
import io.direktiv.json.Json;
import io.direktiv.model.Start;
import io.direktiv.secrets.VaultException;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Performs actions: decrypts what the input needs, computes it, calls, and hands the outcome back.
///
/// Secrets exist here only between the store and the callee.
final class Performer {
  private static final Logger LOG = LoggerFactory.getLogger(Performer.class);

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final StepPool pool;
  private final Runner runner;
  private final Starter starter;
  private final Executor effects;
  private final Watchers watchers;
  private final Map<ActionId, Boolean> running = new ConcurrentHashMap<>();
  private volatile boolean isStopped;

  /// On what it works.
  ///
  /// @param pool for queries
  /// @param effects for what waits for others
  record Threads(StepPool pool, Executor effects) {}

  Performer(
      Collaborators with,
      DefinitionCache definitions,
      Threads threads,
      Runner runner,
      Starter starter,
      Watchers watchers) {
    this.with = with;
    this.definitions = definitions;
    this.pool = threads.pool();
    this.runner = runner;
    this.starter = starter;
    this.effects = threads.effects();
    this.watchers = watchers;
  }

  /// Performs an action; one that is being performed already is left alone.
  void perform(ActionCall call) {
    if (running.putIfAbsent(call.id(), true) == null) {
      pool.execute(call.id().instance().namespace(), () -> begin(call));
    }
  }

  private void begin(ActionCall call) {
    try {
      switch (input(call)) {
        case Outcome.Failed failed -> finish(call, failed);
        case Outcome.Returned(Json input) -> call(call, input);
      }
    } catch (RuntimeException e) {
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

  private void call(ActionCall call, Json input) {
    switch (call.target()) {
      case ActionCall.Target.Subflow(String workflow) -> startChild(call, workflow, input);
      case ActionCall.Target.Function(var function) -> {
        FunctionCall request =
            new FunctionCall(
                call.id(), call.id().instance().namespace(), function, input, Optional.empty());
        Thread.ofVirtual()
            .name("function-" + call.id())
            .start(() -> {
              InstanceLog log = log(call);
              Outcome outcome = callFunction(request, log);
              log.close();
              finish(call, outcome);
            });
      }
    }
  }

  private InstanceLog log(ActionCall call) {
    InstanceId instance = call.id().instance();
    return new InstanceLog(
        with.store(),
        instance,
        lines ->
            watchers.tell(
                instance.namespace(),
                new Execution.Change(instance, Status.PENDING, call.state(), lines)));
  }

  private Outcome callFunction(FunctionCall request, InstanceLog log) {
    try {
      return with.functions().call(request, log);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue(ACTION, request.id()).setCause(e).log("function call failed");
      return new Outcome.Failed(Failure.internal("the function could not be called"));
    }
  }

  // ---- subflows ----

  private static String startKey(ActionId id) {
    return "action:" + id;
  }

  private void startChild(ActionCall call, String workflow, Json input) {
    String namespace = call.id().instance().namespace();
    Optional<DefinitionCache.Current> child = definitions.current(namespace, workflow);
    Optional<Failure> refusal = refusal(workflow, child);
    if (refusal.isPresent()) {
      finish(call, new Outcome.Failed(refusal.get()));
      return;
    }
    Invoker invoker = new Invoker.Subflow(call.id(), call.state(), call.depth(), !call.isAsync());
    starter
        .begin(
            new Starter.Beginning(
                child.get(), invoker, input, Optional.of(startKey(call.id())), Starter.Extra.NONE))
        .whenCompleteAsync((_, failure) -> childStarted(call, failure), effects);
  }

  private static Optional<Failure> refusal(
      String workflow, Optional<DefinitionCache.Current> child) {
    if (child.isEmpty()) {
      return Optional.of(
          Failure.uncatchable(
              Codes.SUBFLOW_NOT_EXIST, "workflow '" + workflow + "' does not exist"));
    }
    Start start = child.get().definition().start();
    if (!(start instanceof Start.Default)) {
      return Optional.of(
          Failure.uncatchable(
              Codes.INVOKE, "cannot subflow invoke workflows with '" + start.type() + "' starts"));
    }
    if (!child.get().record().isActive()) {
      return Optional.of(Failure.uncatchable(Codes.INVOKE, "workflow is inactive"));
    }
    return Optional.empty();
  }

  private void childStarted(ActionCall call, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ConflictException conflict
        && conflict.kind() == ConflictException.Kind.EXISTS) {
      rejoinChild(call);
    } else if (cause instanceof ConflictException) {
      running.remove(call.id());
    } else if (cause instanceof StoreException || cause instanceof OverloadException) {
      running.remove(call.id());
      CompletableFuture.delayedExecutor(
              Limits.RETRY_DELAY.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS, effects)
          .execute(() -> perform(call));
    } else if (cause != null) {
      LOG.atError().addKeyValue(ACTION, call.id()).setCause(cause).log("subflow did not start");
      finish(call, new Outcome.Failed(Failure.internal("the subflow could not be started")));
    } else if (call.isAsync()) {
      finish(call, new Outcome.Returned(Json.NULL));
    } else {
      running.remove(call.id());
    }
  }

  /// The child was started before a crash: if it has ended, its outcome is handed on now.
  private void rejoinChild(ActionCall call) {
    running.remove(call.id());
    Optional<Instance> child =
        with.store()
            .instances()
            .byStartKey(call.id().instance().namespace(), startKey(call.id()))
            .flatMap(with.store().instances()::load);
    if (call.isAsync()) {
      finish(call, new Outcome.Returned(Json.NULL));
      return;
    }
    child.filter(instance -> instance.ending().isPresent()).ifPresent(this::childEnded);
  }

  /// Hands the outcome of an ended subflow to its caller.
  void childEnded(Instance child) {
    if (child.invoker() instanceof Invoker.Subflow(ActionId caller, _, _, boolean isAwaited)
        && isAwaited) {
      runner.wake(
          caller.instance(),
          new Wake.ActionFinished(with.clock().instant(), caller, outcome(child)));
    }
  }

  private static Outcome outcome(Instance child) {
    Instance.Ending ending = child.ending().orElseThrow();
    if (ending.status() == Status.COMPLETE) {
      return new Outcome.Returned(ending.output().orElse(Json.NULL));
    }
    WorkflowError error =
        ending.error().orElse(new WorkflowError(Codes.INTERNAL, "an internal error occurred"));
    return new Outcome.Failed(Failure.catchable(error.code(), error.message()));
  }

  // ---- ends ----

  private void finish(ActionCall call, Outcome outcome) {
    if (isStopped) {
      return;
    }
    running.remove(call.id());
    InstanceId instance = call.id().instance();
    if (!call.isAsync()) {
      runner.wake(instance, new Wake.ActionFinished(with.clock().instant(), call.id(), outcome));
      return;
    }
    // By way of the pool, which drops it when the server stops: then the outcome means nothing.
    pool.execute(instance.namespace(), () -> finishAsync(call, outcome));
  }

  private void finishAsync(ActionCall call, Outcome outcome) {
    List<Change> changes = new java.util.ArrayList<>();
    changes.add(new Change.DeleteAction(call.id()));
    if (outcome instanceof Outcome.Failed(Failure failure)) {
      changes.add(
          new Change.AppendHistory(
              call.id().instance(),
              List.of(),
              List.of(
                  LogLine.error(
                      with.clock().instant(),
                      "Asynchronous action failed with error '"
                          + failure.error().code()
                          + "': "
                          + failure.error().message()))));
    }
    with.store().commit(changes);
  }

  /// Stops an action: its function, or the instance that it started. Done once the child's end is
  /// on disk; until then a restart stops it again.
  void cancel(ActionId id) {
    with.functions().cancel(id);
    Wake cancelled =
        new Wake.CancelRequested(
            with.clock().instant(),
            new WorkflowError(Codes.CANCEL_PARENT, "cancelled by parent workflow"));
    with.store()
        .instances()
        .byStartKey(id.instance().namespace(), startKey(id))
        .map(child -> runner.wake(child, cancelled))
        .orElseGet(() -> CompletableFuture.completedFuture(false))
        .thenAccept(_ -> with.store().commit(List.of(new Change.DeleteAction(id))));
  }

  /// Ignores outcomes from now on: the actions stay in the store and are performed after a restart.
  void stop() {
    isStopped = true;
  }

  /// Stops the functions of a namespace, or of one of its workflows.
  void forget(String namespace, Optional<String> workflow) {
    for (ActionId id : running.keySet()) {
      boolean isGone =
          id.instance().namespace().equals(namespace)
              && workflow.map(id.instance().workflow()::equals).orElse(true);
      if (isGone) {
        with.functions().cancel(id);
      }
    }
  }
}
