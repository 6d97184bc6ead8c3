package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.EVENT;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Wake;
import io.direktiv.events.EventMatcher;
import io.direktiv.events.EventSets;
import io.direktiv.execution.work.Workers;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreException;
import io.direktiv.store.WorkflowRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers events that are on disk, in the order in which they were accepted.
///
/// Events are read from the store, so however many arrive, memory holds one page of them; a signal
/// only says that there is something to read. Up to [Limits#DELIVERIES] are under way at one time.
///
/// An event stays undelivered until everything it woke or started is on disk too. After a crash it
/// is delivered again: starts have a key and happen once, a listener that took it does not take it
/// twice, and the sets of workflows change in the commit that finishes the event. So that the next
/// event finds these sets, one that changes them is waited for.
final class EventDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Runner runner;
  private final Starter starter;
  private final Workers workers;
  private final PatientWriter writer;
  private final ArrayDeque<EventRecord> page = new ArrayDeque<>();
  private long last;
  private int underWay;
  private boolean isSignalled;
  private boolean isPumping;
  private boolean isAlone;
  private boolean isStopped;

  EventDelivery(
      Collaborators with,
      DefinitionCache definitions,
      Runner runner,
      Starter starter,
      Workers workers) {
    this.with = with;
    this.definitions = definitions;
    this.runner = runner;
    this.starter = starter;
    this.workers = workers;
    this.writer = new PatientWriter(with.store(), with.clock(), workers);
  }

  synchronized void stop() {
    isStopped = true;
  }

  /// Says that an event is on disk.
  synchronized void signal() {
    isSignalled = true;
    startPump();
  }

  private void startPump() {
    if (!isPumping && !isStopped) {
      isPumping = true;
      workers.follow(this::pump);
    }
  }

  /// Takes up events until there are none, or enough are under way. One call at a time.
  private void pump() {
    try {
      Optional<EventRecord> event = next();
      while (event.isPresent()) {
        deliver(event.get(), 1);
        event = next();
      }
    } catch (RuntimeException e) {
      LOG.atWarn().log("events could not be read, trying again: {}", e.getMessage());
      synchronized (this) {
        isPumping = false;
      }
      writer.later(this::signal);
    }
  }

  private Optional<EventRecord> next() {
    while (true) {
      long after;
      synchronized (this) {
        boolean mayGoOn = !isStopped && !isAlone && underWay < Limits.DELIVERIES;
        if (mayGoOn && !page.isEmpty()) {
          underWay++;
          return Optional.of(page.poll());
        }
        if (!mayGoOn || !isSignalled) {
          isPumping = false;
          return Optional.empty();
        }
        isSignalled = false;
        after = last;
      }
      List<EventRecord> read = with.store().waits().undelivered(after, Limits.DELIVERIES);
      synchronized (this) {
        page.addAll(read);
        last = read.isEmpty() ? last : read.getLast().order();
        isSignalled |= read.size() == Limits.DELIVERIES;
      }
    }
  }

  /// What one event does: instances that it wakes or starts, and sets that it changes.
  private static final class Delivery {
    final List<CompletableFuture<Optional<InstanceId>>> caused = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
  }

  private void deliver(EventRecord event, int attempt) {
    Delivery delivery = new Delivery();
    try {
      for (ListenerRecord listener :
          with.store().waits().candidates(event.namespace(), event.event())) {
        if (listener.order() < event.order()) {
          switch (listener.owner()) {
            case ListenerRecord.Owner.OfInstance(ListenerId id) ->
                wake(listener, id, event, delivery);
            case ListenerRecord.Owner.OfWorkflow(String uid) ->
                trigger(listener, uid, event, delivery);
          }
        }
      }
    } catch (RuntimeException e) {
      delivery.caused.add(CompletableFuture.failedFuture(e));
    }
    synchronized (this) {
      isAlone |= !delivery.changes.isEmpty();
    }
    CompletableFuture.allOf(delivery.caused.toArray(CompletableFuture[]::new))
        .whenCompleteAsync(
            (_, failure) -> caused(event, delivery, attempt, failure), workers::follow);
  }

  private void caused(EventRecord event, Delivery delivery, int attempt, Throwable failure) {
    if (failure != null) {
      failed(event, attempt, PatientWriter.cause(failure));
      return;
    }
    TreeSet<String> ids = new TreeSet<>();
    delivery.caused.forEach(future -> future.join().ifPresent(id -> ids.add(id.toString())));
    delivery.changes.add(
        new Change.FinishEvent(event.namespace(), event.order(), List.copyOf(ids)));
    writer.write(delivery.changes).whenComplete((_, _) -> finished());
  }

  private void failed(EventRecord event, int attempt, Throwable cause) {
    boolean isPassing =
        cause instanceof StoreException
            || cause instanceof StoreBusyException
            || cause instanceof ConflictException
            || cause instanceof OverloadException;
    if (!isPassing && attempt >= Limits.DELIVERY_ATTEMPTS) {
      LOG.atError()
          .addKeyValue(EVENT, event.event().id())
          .setCause(cause)
          .log("event could not be delivered; it is tried again after a restart");
      finished();
      return;
    }
    LOG.atWarn()
        .addKeyValue(EVENT, event.event().id())
        .log("event was not delivered to all, trying again: {}", cause.getMessage());
    writer.later(() -> deliver(event, attempt + 1));
  }

  private synchronized void finished() {
    underWay--;
    isAlone = false;
    startPump();
  }

  private void wake(ListenerRecord listener, ListenerId id, EventRecord event, Delivery delivery) {
    List<Integer> fits = EventMatcher.fits(listener.filters(), event.event());
    if (!fits.isEmpty()) {
      Wake wake = new Wake.EventReceived(with.clock().instant(), id, fits, event.event());
      delivery.caused.add(
          runner
              .wake(id.instance(), wake)
              .thenApply(isChanged -> isChanged ? Optional.of(id.instance()) : Optional.empty()));
    }
  }

  private void trigger(ListenerRecord listener, String uid, EventRecord event, Delivery delivery) {
    Optional<DefinitionCache.Current> workflow =
        with.store()
            .definitions()
            .workflow(uid)
            .filter(WorkflowRecord::isActive)
            .flatMap(record -> definitions.current(record.namespace(), record.id()));
    if (workflow.isEmpty()) {
      return;
    }
    if (!listener.isAll()) {
      if (!EventMatcher.fits(listener.filters(), event.event()).isEmpty()) {
        delivery.caused.add(begin(workflow.get(), List.of(event.event()), event));
      }
      return;
    }
    EventSets.add(listener, event.event(), with.clock().instant())
        .ifPresent(added -> {
          delivery.changes.add(new Change.PutSets(listener.id(), listener.order(), added.sets()));
          added.complete().ifPresent(set -> delivery.caused.add(begin(workflow.get(), set, event)));
        });
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
          Throwable e = PatientWriter.cause(failure);
          if (e instanceof ConflictException conflict) {
            return conflict.kind() == ConflictException.Kind.ABSENT
                ? Optional.empty()
                : with.store().instances().byStartKey(cause.namespace(), key);
          }
          throw new CompletionException(e);
        });
  }
}
