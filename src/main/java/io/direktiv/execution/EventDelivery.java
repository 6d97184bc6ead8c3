package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.EVENT;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Wake;
import io.direktiv.events.EventMatcher;
import io.direktiv.events.EventSets;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.WorkflowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers events that are on disk, in the order in which they were accepted.
///
/// An event stays undelivered until everything it woke or started is on disk too. After a crash it
/// is delivered again: starts have a key and happen once, and a listener that was armed after the
/// event does not get it.
final class EventDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Runner runner;
  private final Starter starter;
  private final Executor effects;
  private final LinkedBlockingQueue<EventRecord> queue = new LinkedBlockingQueue<>();
  private Thread thread;

  EventDelivery(
      Collaborators with,
      DefinitionCache definitions,
      Runner runner,
      Starter starter,
      Executor effects) {
    this.with = with;
    this.definitions = definitions;
    this.runner = runner;
    this.starter = starter;
    this.effects = effects;
  }

  void start() {
    thread = Thread.ofPlatform().name("events").daemon().start(this::run);
  }

  void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /// Queues an event that is on disk.
  void deliver(EventRecord event) {
    queue.add(event);
  }

  private void run() {
    try {
      while (true) {
        EventRecord event = queue.take();
        try {
          deliverNow(event);
        } catch (RuntimeException e) {
          LOG.atError()
              .addKeyValue(EVENT, event.event().id())
              .setCause(e)
              .log("event could not be delivered; it is tried again after a restart");
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliverNow(EventRecord event) {
    List<CompletableFuture<Optional<InstanceId>>> caused = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (ListenerRecord listener :
        with.store().waits().listeners(event.namespace(), event.event().type())) {
      if (listener.order() < event.order()) {
        caused.add(
            switch (listener.owner()) {
              case ListenerRecord.Owner.OfInstance(ListenerId id) -> wake(listener, id, event);
              case ListenerRecord.Owner.OfWorkflow(String uid) ->
                  trigger(listener, uid, event, changes);
            });
      }
    }
    CompletableFuture.allOf(caused.toArray(CompletableFuture[]::new))
        .whenCompleteAsync((_, failure) -> finish(event, caused, changes, failure), effects);
    boolean hasSets = !changes.isEmpty();
    if (hasSets) {
      awaitSets(caused);
    }
  }

  /// The sets of a workflow must be on disk before the next event is added to them.
  private static void awaitSets(List<CompletableFuture<Optional<InstanceId>>> caused) {
    try {
      CompletableFuture.allOf(caused.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException _) {
      // Reported where the event is finished.
    }
  }

  private void finish(
      EventRecord event,
      List<CompletableFuture<Optional<InstanceId>>> caused,
      List<Change> changes,
      Throwable failure) {
    if (failure != null) {
      LOG.atWarn()
          .addKeyValue(EVENT, event.event().id())
          .log("event was not delivered to all: {}", failure.getMessage());
      return;
    }
    TreeSet<String> ids = new TreeSet<>();
    caused.forEach(future -> future.join().ifPresent(id -> ids.add(id.toString())));
    with.store()
        .commit(
            List.of(new Change.FinishEvent(event.namespace(), event.order(), List.copyOf(ids))));
  }

  private CompletableFuture<Optional<InstanceId>> wake(
      ListenerRecord listener, ListenerId id, EventRecord event) {
    OptionalInt fit = EventMatcher.firstFit(listener.filters(), event.event());
    if (fit.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Wake wake = new Wake.EventReceived(with.clock().instant(), id, fit.getAsInt(), event.event());
    return runner
        .wake(id.instance(), wake)
        .thenApply(isChanged -> isChanged ? Optional.of(id.instance()) : Optional.empty());
  }

  private CompletableFuture<Optional<InstanceId>> trigger(
      ListenerRecord listener, String uid, EventRecord event, List<Change> changes) {
    Optional<DefinitionCache.Current> workflow =
        with.store()
            .definitions()
            .workflow(uid)
            .filter(WorkflowRecord::isActive)
            .flatMap(record -> definitions.current(record.namespace(), record.id()));
    if (workflow.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    if (!listener.isAll()) {
      boolean isFit = EventMatcher.firstFit(listener.filters(), event.event()).isPresent();
      return isFit
          ? begin(workflow.get(), List.of(event.event()), event)
          : CompletableFuture.completedFuture(Optional.empty());
    }
    Optional<EventSets.Added> added =
        EventSets.add(listener, event.event(), with.clock().instant());
    if (added.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Change keep = new Change.PutListener(withSets(listener, added.get()));
    changes.add(keep);
    CompletableFuture<Optional<InstanceId>> started =
        added
            .get()
            .complete()
            .map(events -> begin(workflow.get(), events, event))
            .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    return started.thenCompose(id -> with.store().commit(List.of(keep)).thenApply(_ -> id));
  }

  private static ListenerRecord withSets(ListenerRecord listener, EventSets.Added added) {
    return new ListenerRecord(
        listener.id(),
        listener.namespace(),
        listener.owner(),
        listener.order(),
        listener.createdAt(),
        listener.filters(),
        listener.isAll(),
        listener.lifespan(),
        listener.correlate(),
        added.sets());
  }

  private CompletableFuture<Optional<InstanceId>> begin(
      DefinitionCache.Current workflow, List<CloudEvent> events, EventRecord cause) {
    JsonObject.Builder data = JsonObject.builder();
    events.forEach(event -> data.put(event.type(), event.payload()));
    Invoker invoker = new Invoker.Events(events.stream().map(CloudEvent::id).toList());
    String key = "event:" + cause.order() + ":" + workflow.record().uid();
    return starter
        .begin(
            new Starter.Beginning(
                workflow, invoker, data.build(), Optional.of(key), Starter.Extra.NONE))
        .handle((instance, failure) -> {
          if (failure == null) {
            return Optional.of(instance.id());
          }
          Throwable e = failure instanceof CompletionException ? failure.getCause() : failure;
          if (e instanceof ConflictException) {
            return with.store().instances().byStartKey(cause.namespace(), key);
          }
          throw new CompletionException(e);
        });
  }
}
