package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.EVENT;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Wake;
import io.direktiv.events.EventSets;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.event.EventMatcher;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreException;
import io.direktiv.store.WorkflowRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers events that are on disk, those of each namespace in the order in which they were
/// accepted.
///
/// ```
///   signal ──▶ line of namespaces ──place free──▶ turn: one event is begun ──▶ end of the line
///                      ▲                                  │
///                      └────── its place is free ◀── on disk
/// ```
///
/// Namespaces take turns, and none holds more than [Limits#DELIVERIES_PER_NAMESPACE] of the
/// [Limits#DELIVERIES] places, so a storm in one delays the others by a few events. Events are read
/// from the store, so however many arrive, memory holds one page for each namespace; a signal only
/// says that there is something to read. More than [ExecutionSettings#waitingEventsMax] are refused
/// before they are accepted.
///
/// An event stays undelivered until everything it woke or started is on disk too. After a crash it
/// is delivered again: starts have a key and happen once, a listener that took it does not take it
/// twice, and the sets of workflows change in the commit that finishes the event. So that the next
/// event finds these sets, the namespace waits for one that changes them.
final class EventDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Runner runner;
  private final Starter starter;
  private final Workers workers;
  private final PatientWriter writer;
  private final Map<String, EventLane> lanes = new HashMap<>();
  private final ArrayDeque<EventLane> line = new ArrayDeque<>();
  private int taken;
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

  /// Takes up what an earlier server left, and counts anew what waits.
  void recover() {
    List<String> namespaces = with.store().waits().namespacesWithUndelivered();
    for (String namespace : namespaces) {
      int most = with.settings().waitingEventsMax();
      recovered(namespace, with.store().waits().undelivered(namespace, most));
    }
  }

  private synchronized void recovered(String namespace, int count) {
    lanes.computeIfAbsent(namespace, EventLane::new).waiting = count;
    accepted(namespace, 0);
  }

  /// Takes events in one commit, all that are new or none.
  ///
  /// @return how many are new
  CompletableFuture<Integer> accept(String namespace, List<CloudEvent> events) {
    if (isFull(namespace)) {
      return CompletableFuture.failedFuture(
          new OverloadException(
              "more than "
                  + with.settings().waitingEventsMax()
                  + " events of the namespace '"
                  + namespace
                  + "' wait to be delivered; try again later"));
    }
    Map<List<String>, Change> byName = new LinkedHashMap<>();
    for (CloudEvent event : events) {
      byName.putIfAbsent(
          List.of(event.source(), event.id()),
          new Change.PutEvent(
              new EventRecord(namespace, 0, with.clock().instant(), event, false, List.of())));
    }
    return accept(namespace, new ArrayList<>(byName.values()));
  }

  private CompletableFuture<Integer> accept(String namespace, ArrayList<Change> changes) {
    if (changes.isEmpty()) {
      return CompletableFuture.completedFuture(0);
    }
    return with.store()
        .commit(changes)
        .thenApply(_ -> {
          accepted(namespace, changes.size());
          return changes.size();
        })
        .exceptionallyComposeAsync(
            failure -> withoutKnown(namespace, changes, failure), workers::follow);
  }

  private CompletableFuture<Integer> withoutKnown(
      String namespace, ArrayList<Change> changes, Throwable failure) {
    boolean isKnown =
        PatientWriter.cause(failure) instanceof ConflictException conflict
            && conflict.kind() == ConflictException.Kind.EXISTS
            && Recorder.dropKnownEvents(with.store(), changes);
    return isKnown
        ? accept(namespace, changes)
        : CompletableFuture.failedFuture(PatientWriter.cause(failure));
  }

  /// Says that `count` more events of a namespace are on disk.
  synchronized void accepted(String namespace, int count) {
    EventLane lane = lanes.computeIfAbsent(namespace, EventLane::new);
    lane.waiting += count;
    lane.toRead();
    goOn(lane);
  }

  /// True when no more events of the namespace may be accepted before some were delivered.
  synchronized boolean isFull(String namespace) {
    EventLane lane = lanes.get(namespace);
    return (lane == null ? 0 : lane.waiting) >= with.settings().waitingEventsMax();
  }

  /// Forgets a namespace that was deleted.
  synchronized void forget(String namespace) {
    lanes.remove(namespace);
  }

  /// Puts a namespace into the line when it has something to do, and gives out the free places.
  private void goOn(EventLane own) {
    if (own.wantsTurn()) {
      own.enterTurn();
      line.add(own);
    }
    while (!isStopped && taken < Limits.DELIVERIES && !line.isEmpty()) {
      EventLane lane = line.poll();
      taken++;
      workers.follow(() -> turn(lane));
    }
  }

  /// Begins one event; a namespace has one turn at a time.
  private void turn(EventLane lane) {
    Optional<EventRecord> event = Optional.empty();
    try {
      event = next(lane);
      event.ifPresent(found -> deliver(lane, found, 1));
    } catch (RuntimeException e) {
      LOG.atWarn().log("events could not be read, trying again: {}", e.getMessage());
      writer.later(() -> accepted(lane.namespace, 0));
    }
    synchronized (this) {
      taken -= event.isPresent() ? 0 : 1;
      lane.leaveTurn();
      goOn(lane);
    }
  }

  private Optional<EventRecord> next(EventLane lane) {
    long after;
    synchronized (this) {
      after = lane.readAfter();
    }
    List<EventRecord> read =
        after < 0
            ? List.of()
            : with.store()
                .waits()
                .undelivered(lane.namespace, after, Limits.DELIVERIES_PER_NAMESPACE);
    synchronized (this) {
      lane.add(read, read.size() == Limits.DELIVERIES_PER_NAMESPACE);
      return Optional.ofNullable(lane.take());
    }
  }

  /// What one event does: instances that it wakes or starts, and sets that it changes.
  private static final class Delivery {
    final List<CompletableFuture<Optional<InstanceId>>> caused = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
  }

  private void deliver(EventLane lane, EventRecord event, int attempt) {
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
    if (!delivery.changes.isEmpty()) {
      synchronized (this) {
        lane.stayAlone();
      }
    }
    CompletableFuture.allOf(delivery.caused.toArray(CompletableFuture[]::new))
        .whenCompleteAsync(
            (_, failure) -> caused(lane, event, delivery, attempt, failure), workers::follow);
  }

  private void caused(
      EventLane lane, EventRecord event, Delivery delivery, int attempt, Throwable failure) {
    if (failure != null) {
      failed(lane, event, attempt, PatientWriter.cause(failure));
      return;
    }
    TreeSet<String> ids = new TreeSet<>();
    delivery.caused.forEach(future -> future.join().ifPresent(id -> ids.add(id.toString())));
    delivery.changes.add(
        new Change.FinishEvent(event.namespace(), event.order(), List.copyOf(ids)));
    writer.write(delivery.changes).whenComplete((_, _) -> finished(lane));
  }

  private void failed(EventLane lane, EventRecord event, int attempt, Throwable cause) {
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
      finished(lane);
      return;
    }
    LOG.atWarn()
        .addKeyValue(EVENT, event.event().id())
        .log("event was not delivered to all, trying again: {}", cause.getMessage());
    writer.later(() -> deliver(lane, event, attempt + 1));
  }

  private synchronized void finished(EventLane lane) {
    taken--;
    lane.waiting--;
    lane.finished();
    goOn(lane);
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
