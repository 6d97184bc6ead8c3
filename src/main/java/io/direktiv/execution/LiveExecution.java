package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.WORKFLOW;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.Cron;
import io.direktiv.model.EventFilter;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.Start;
import io.direktiv.model.Workflow;
import io.direktiv.schedule.CronWaker;
import io.direktiv.schedule.TimerWaker;
import io.direktiv.store.ConflictException;
import io.direktiv.store.EventRecord;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.telemetry.Service;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Execution on one server: puts the runner, the starter, the performer, timers, crons and events
/// together. [#start] first recovers what an earlier server left unfinished.
public final class LiveExecution implements Execution, Service {
  private static final Logger LOG = LoggerFactory.getLogger(LiveExecution.class);

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final StepPool pool = new StepPool();
  private final ExecutorService effects = Executors.newVirtualThreadPerTaskExecutor();
  private final Watchers watchers = new Watchers();
  private final Map<InstanceId, CompletableFuture<Optional<Instance>>> ends =
      new ConcurrentHashMap<>();
  private final Runner runner;
  private final Starter starter;
  private final Performer performer;
  private final EventDelivery delivery;
  private final TimerWaker timers;
  private final CompletableFuture<Void> recovered = new CompletableFuture<>();
  private final CronWaker crons;

  /// An execution that has not started.
  public LiveExecution(Collaborators with) {
    this.with = with;
    this.definitions = new DefinitionCache(with.store().definitions());
    Runner.Hands hands =
        new Runner.Hands() {
          @Override
          public void perform(Instance instance, List<Effect> wanted) {
            wanted.forEach(effect -> performEffect(instance, effect));
          }

          @Override
          public void changed(Instance instance, List<LogLine> logs) {
            instanceChanged(instance, logs);
          }
        };
    this.runner = new Runner(with, definitions, pool, hands, effects);
    this.starter = new Starter(with, pool, runner, hands, effects);
    this.performer =
        new Performer(
            with, definitions, new Performer.Threads(pool, effects), runner, starter, watchers);
    this.delivery = new EventDelivery(with, definitions, runner, starter, effects);
    this.timers = new TimerWaker(with.store().waits(), with.clock(), this::timerDue);
    this.crons = new CronWaker(with.clock(), ZoneId.systemDefault(), this::cronDue);
  }

  @Override
  public void start() {
    new Recovery(with, definitions, runner, performer, delivery, this::arm).run();
    delivery.start();
    timers.start();
    crons.start();
    recovered.complete(null);
  }

  /// Holds a caller back until what an earlier server left is taken up: it must not be mistaken for
  /// what is new.
  private void awaitRecovery() {
    try {
      recovered.join();
    } catch (CompletionException e) {
      throw new OverloadException("the server is stopping; try again later");
    }
  }

  @Override
  public void stop() {
    recovered.completeExceptionally(new CancellationException());
    crons.stop();
    timers.stop();
    delivery.stop();
    performer.stop();
    pool.stop();
    effects.shutdown();
    awaitQuiet();
  }

  /// Looks at the clock again after it was set, as tests do: what is due by now happens now.
  public void clockMoved() {
    timers.clockMoved();
    crons.clockMoved();
  }

  /// Lets what was committed last be told, so that the store is closed on nobody.
  private void awaitQuiet() {
    try {
      if (!effects.awaitTermination(Limits.STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("some work did not end in time; it is taken up after the next start");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- what doors ask ----

  @Override
  public CompletableFuture<Started> start(StartRequest request) {
    awaitRecovery();
    Optional<StartRequest.Idempotency> idempotency = request.idempotency();
    if (idempotency.isPresent()) {
      Optional<CompletableFuture<Started>> earlier = earlier(request, idempotency.get());
      if (earlier.isPresent()) {
        return earlier.get();
      }
    }
    Optional<DefinitionCache.Current> workflow =
        definitions.current(request.namespace(), request.workflow());
    Optional<StartException> refusal = refusal(request, workflow);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    Starter.Extra extra =
        id ->
            idempotency
                .<List<io.direktiv.store.Change>>map(key ->
                    List.of(
                        new io.direktiv.store.Change.PutIdempotencyKey(
                            new IdempotencyRecord(
                                request.namespace(),
                                key.key(),
                                key.bodyHash(),
                                id,
                                with.clock().instant()))))
                .orElse(List.of());
    return starter
        .begin(
            new Starter.Beginning(
                workflow.get(), new Invoker.Api(), request.input(), Optional.empty(), extra))
        .thenApply(instance -> new Started(instance.id(), false, end(instance)))
        .exceptionallyCompose(failure -> repeated(request, failure));
  }

  private Optional<CompletableFuture<Started>> earlier(
      StartRequest request, StartRequest.Idempotency idempotency) {
    return with.store()
        .instances()
        .byIdempotencyKey(request.namespace(), idempotency.key())
        .map(record ->
            Arrays.equals(record.bodyHash(), idempotency.bodyHash())
                ? CompletableFuture.completedFuture(
                    new Started(record.instance(), true, awaitEnd(record.instance())))
                : CompletableFuture.failedFuture(
                    new StartException(
                        StartException.Reason.KEY_REUSED,
                        "the Idempotency-Key '"
                            + idempotency.key()
                            + "' was used with another request; choose a new one")));
  }

  /// Two requests with one key at the same time: the second one finds the first one's start.
  private CompletableFuture<Started> repeated(StartRequest request, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ConflictException conflict
        && conflict.kind() == ConflictException.Kind.EXISTS
        && request.idempotency().isPresent()) {
      return earlier(request, request.idempotency().get())
          .orElseGet(() -> CompletableFuture.failedFuture(cause));
    }
    if (cause instanceof StoreBusyException busy) {
      return CompletableFuture.failedFuture(new OverloadException(busy.getMessage()));
    }
    return CompletableFuture.failedFuture(cause);
  }

  private static Optional<StartException> refusal(
      StartRequest request, Optional<DefinitionCache.Current> workflow) {
    if (workflow.isEmpty()) {
      return Optional.of(
          new StartException(
              StartException.Reason.ABSENT,
              "workflow '" + request.workflow() + "' does not exist"));
    }
    if (!workflow.get().record().isActive()) {
      return Optional.of(
          new StartException(StartException.Reason.INACTIVE, "workflow is inactive"));
    }
    Start start = workflow.get().definition().start();
    if (!(start instanceof Start.Default) && !request.isManual()) {
      return Optional.of(
          new StartException(
              StartException.Reason.START_TYPE,
              "cannot directly invoke workflows with '" + start.type() + "' starts"));
    }
    return Optional.empty();
  }

  private CompletableFuture<Optional<Instance>> end(Instance instance) {
    return instance.ending().isPresent()
        ? CompletableFuture.completedFuture(Optional.of(instance))
        : awaitEnd(instance.id());
  }

  @Override
  public CompletableFuture<Optional<Instance>> awaitEnd(InstanceId id) {
    CompletableFuture<Optional<Instance>> end =
        ends.computeIfAbsent(id, _ -> new CompletableFuture<>());
    Optional<Instance> now = with.store().instances().load(id);
    if (now.isEmpty() || now.get().ending().isPresent()) {
      ends.remove(id, end);
      end.complete(now);
    }
    return end.copy();
  }

  @Override
  public CompletableFuture<Boolean> cancel(InstanceId id, String reason) {
    awaitRecovery();
    WorkflowError error =
        new WorkflowError(Codes.CANCEL_API, reason.isEmpty() ? "cancelled by api request" : reason);
    return runner.wake(id, new Wake.CancelRequested(with.clock().instant(), error));
  }

  @Override
  public CompletableFuture<Boolean> publish(String namespace, CloudEvent event) {
    awaitRecovery();
    EventRecord record =
        new EventRecord(namespace, 0, with.clock().instant(), event, false, List.of());
    return with.store()
        .commit(List.of(new io.direktiv.store.Change.PutEvent(record)))
        .thenApplyAsync(
            _ -> {
              deliver(namespace, event);
              return true;
            },
            effects)
        .exceptionally(failure -> {
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          if (cause instanceof ConflictException conflict
              && conflict.kind() == ConflictException.Kind.EXISTS) {
            return false;
          }
          throw new CompletionException(cause);
        });
  }

  private void deliver(String namespace, CloudEvent event) {
    with.store()
        .waits()
        .event(namespace, event.source(), event.id())
        .filter(record -> !record.isDelivered())
        .ifPresent(delivery::deliver);
  }

  @Override
  public CompletableFuture<Void> workflowChanged(String uid) {
    awaitRecovery();
    definitions.changed();
    Optional<WorkflowRecord> record = with.store().definitions().workflow(uid);
    if (record.isEmpty() || !record.get().isActive()) {
      crons.disarm(uid);
      return with.store().commit(List.of(new io.direktiv.store.Change.DeleteListener(uid)));
    }
    return listen(record.get());
  }

  private CompletableFuture<Void> listen(WorkflowRecord record) {
    Workflow definition = definitions.revision(record.uid(), record.revision()).orElseThrow();
    arm(record, definition);
    return switch (definition.start()) {
      case Start.Default _, Start.Scheduled _ ->
          with.store().commit(List.of(new io.direktiv.store.Change.DeleteListener(record.uid())));
      case Start.Event(var _, EventFilter event) ->
          listen(record, List.of(event), false, Optional.empty(), List.of());
      case Start.EventsXor(var _, List<EventFilter> events) ->
          listen(record, events, false, Optional.empty(), List.of());
      case Start.EventsAnd(var _, List<EventFilter> events, var lifespan, var correlate) ->
          listen(record, events, true, lifespan, correlate);
    };
  }

  private CompletableFuture<Void> listen(
      WorkflowRecord record,
      List<EventFilter> filters,
      boolean isAll,
      Optional<IsoDuration> lifespan,
      List<String> correlate) {
    ListenerRecord listener =
        new ListenerRecord(
            record.uid(),
            record.namespace(),
            new ListenerRecord.Owner.OfWorkflow(record.uid()),
            0,
            with.clock().instant(),
            filters,
            isAll,
            lifespan,
            correlate,
            JsonArray.EMPTY);
    return with.store().commit(List.of(new io.direktiv.store.Change.PutListener(listener)));
  }

  private void arm(WorkflowRecord record, Workflow definition) {
    if (definition.start() instanceof Start.Scheduled(var _, Optional<String> cron)
        && cron.isPresent()) {
      crons.arm(record.uid(), Cron.parse(cron.get()));
    } else {
      crons.disarm(record.uid());
    }
  }

  @Override
  public void forget(String namespace, Optional<String> workflow) {
    awaitRecovery();
    definitions.changed();
    runner.forget(namespace, workflow);
    performer.forget(namespace, workflow);
    ends.forEach((id, end) -> {
      boolean isGone =
          id.namespace().equals(namespace) && workflow.map(id.workflow()::equals).orElse(true);
      if (isGone && ends.remove(id, end)) {
        end.complete(Optional.empty());
      }
    });
  }

  @Override
  public Watch watch(String namespace, Consumer<Change> watcher) {
    return watchers.watch(namespace, watcher);
  }

  // ---- what happens ----

  private void performEffect(Instance instance, Effect effect) {
    switch (effect) {
      case Effect.Perform(ActionCall call) -> performer.perform(call);
      case Effect.CancelAction(var action) -> effects.execute(() -> performer.cancel(action));
      case Effect.SetTimer(TimerId timer, Instant due) -> timers.arm(timer, due);
      case Effect.ClearTimer(TimerId timer) -> timers.disarm(timer);
      case Effect.Publish(CloudEvent event) -> deliver(instance.id().namespace(), event);
      case Effect.Listen _, Effect.StopListening _, Effect.SetVariable _ -> {
        // Done by the commit itself.
      }
    }
  }

  private void instanceChanged(Instance instance, List<LogLine> logs) {
    if (watchers.isWatched(instance.id().namespace())) {
      watchers.tell(
          instance.id().namespace(),
          new Change(instance.id(), instance.status(), instance.stateId(), logs));
    }
    if (instance.ending().isEmpty()) {
      return;
    }
    CompletableFuture<Optional<Instance>> end = ends.remove(instance.id());
    if (end != null) {
      end.complete(Optional.of(instance));
    }
    performer.childEnded(instance);
  }

  private void timerDue(TimerId timer) {
    runner.wake(timer.instance(), new Wake.TimerFired(with.clock().instant(), timer));
  }

  private void cronDue(String uid, Instant due) {
    effects.execute(() ->
        with.store()
            .definitions()
            .workflow(uid)
            .filter(WorkflowRecord::isActive)
            .flatMap(record -> definitions.current(record.namespace(), record.id()))
            .ifPresent(workflow -> startByCron(workflow, due)));
  }

  private void startByCron(DefinitionCache.Current workflow, Instant due) {
    String key = "cron:" + workflow.record().uid() + ":" + due.getEpochSecond();
    starter
        .begin(
            new Starter.Beginning(
                workflow,
                new Invoker.Cron(),
                JsonObject.EMPTY,
                Optional.of(key),
                Starter.Extra.NONE))
        .exceptionally(failure -> {
          LOG.atWarn()
              .addKeyValue(WORKFLOW, workflow.record().id())
              .log("scheduled start failed: {}", failure.getMessage());
          return null;
        });
  }
}
