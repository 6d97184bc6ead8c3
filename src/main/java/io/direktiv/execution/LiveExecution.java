package io.direktiv.execution;

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
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.ThreadWorkers;
import io.direktiv.execution.work.Workers;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.Start;
import io.direktiv.schedule.TimerWaker;
import io.direktiv.store.ConflictException;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreException;
import io.direktiv.telemetry.Service;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Execution on one server: puts the runner, the starter, the performer, timers, keeper and events
/// together. [#start] first recovers what an earlier server left unfinished.
public final class LiveExecution implements Execution, Service {
  private static final Logger LOG = LoggerFactory.getLogger(LiveExecution.class);

  private final Collaborators with;
  private final Workers workers;
  private final DefinitionCache definitions;
  private final Watchers watchers = new Watchers();
  private final Ends ends = new Ends();
  private final Runner runner;
  private final Starter starter;
  private final Performer performer;
  private final EventDelivery delivery;
  private final InstanceRescuer rescuer;
  private final TimerWaker timers;
  private final WorkflowKeeper keeper;

  /// An execution on threads of its own that has not started.
  public LiveExecution(Collaborators with) {
    this(with, new ThreadWorkers(with.clock()));
  }

  LiveExecution(Collaborators with, Workers workers) {
    this.with = with;
    this.workers = workers;
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

          @Override
          public boolean takesEvents(String namespace) {
            return !delivery.isFull(namespace);
          }
        };
    this.runner = new Runner(with, definitions, workers, hands);
    this.starter = new Starter(with, workers, runner, hands);
    this.performer = new Performer(with, definitions, workers, runner, starter, watchers);
    this.delivery = new EventDelivery(with, definitions, runner, starter, workers);
    this.rescuer = new InstanceRescuer(with, definitions, runner, performer, delivery, workers);
    this.timers =
        new TimerWaker(
            with.store().waits(), with.clock(), workers, workers::follow, new TimerTarget());
    this.keeper = new WorkflowKeeper(with, definitions, starter, workers);
  }

  @Override
  public void start() {
    rescuer.start();
    timers.start();
    keeper.start();
  }

  /// Ends work. Nothing accepted is lost: what is unfinished stands in the store.
  @Override
  public void stop() {
    keeper.stop();
    timers.stop();
    rescuer.stop();
    delivery.stop();
    performer.stop();
    workers.stop();
    runner.stop(OverloadException.stopping());
    ends.stop(OverloadException.stopping());
  }

  /// Looks at the clock again after it was set, as tests do: what is due by now happens now.
  public void clockMoved() {
    if (workers instanceof ThreadWorkers threads) {
      threads.clockMoved();
    }
  }

  // ---- what doors ask ----

  @Override
  public CompletableFuture<Started> start(StartRequest request) {
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
        .thenApply(instance -> new Started(instance.id(), false, () -> end(instance)))
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
                    new Started(record.instance(), true, () -> awaitEnd(record.instance())))
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
    CompletableFuture<Optional<Instance>> end = ends.await(id);
    try {
      Optional<Instance> now = with.store().instances().load(id);
      if (now.isEmpty() || now.get().ending().isPresent()) {
        end.complete(now);
      }
    } catch (StoreException e) {
      end.completeExceptionally(e);
    }
    return end;
  }

  @Override
  public CompletableFuture<Boolean> cancel(InstanceId id, String reason) {
    WorkflowError error =
        new WorkflowError(Codes.CANCEL_API, reason.isEmpty() ? "cancelled by api request" : reason);
    return runner.wake(id, new Wake.CancelRequested(with.clock().instant(), error));
  }

  @Override
  public CompletableFuture<Integer> publish(String namespace, List<CloudEvent> events) {
    return delivery.accept(namespace, events);
  }

  @Override
  public void workflowChanged(String uid) {
    definitions.changed(uid);
    keeper.changed(uid);
  }

  @Override
  public void forget(String namespace, Optional<String> uid) {
    uid.ifPresentOrElse(definitions::changed, () -> definitions.deleted(namespace));
    uid.ifPresent(keeper::disarm);
    runner.forget(namespace, uid);
    if (uid.isEmpty()) {
      keeper.forget(namespace);
      delivery.forget(namespace);
    }
    workers.follow(() -> {
      performer.forget(namespace);
      performer.children().recount(namespace);
      ends.deleted(
          id -> id.namespace().equals(namespace) && with.store().instances().load(id).isEmpty());
      watchers.deleted(namespace);
      rescuer.orphaned(namespace);
    });
  }

  @Override
  public Watch watch(String namespace, Watcher watcher) {
    return watchers.watch(namespace, watcher);
  }

  // ---- what happens ----

  /// A failure here is not the end of the effect: it stands in the store, and the rescuer finds it.
  private void performEffect(Instance instance, Effect effect) {
    try {
      switch (effect) {
        case Effect.Perform(ActionCall call) -> performer.perform(call);
        case Effect.CancelAction(var action) -> workers.follow(() -> performer.cancel(action));
        case Effect.SetTimer(TimerId timer, Instant due) -> timers.arm(timer, due);
        case Effect.ClearTimer(TimerId timer) -> timers.disarm(timer);
        case Effect.Publish _ -> delivery.accepted(instance.id().namespace(), 1);
        case Effect.Listen _, Effect.StopListening _, Effect.SetVariable _ -> {
          // Done by the commit itself.
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("an effect could not be performed and is left to the rescuer", e);
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
    ends.ended(instance.id(), Optional.of(instance));
    performer.children().endedNow(instance);
  }

  /// Whom timers wake.
  private final class TimerTarget implements TimerWaker.Target {
    @Override
    public void wake(TimerId timer) {
      runner.wake(timer.instance(), new Wake.TimerFired(with.clock().instant(), timer));
    }

    @Override
    public boolean isBusy() {
      return runner.busy() > Limits.BUSY_INSTANCES_MAX;
    }
  }
}
