package io.direktiv.store;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.TimerId;
import io.direktiv.model.CloudEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What waits, for recovery and delivery.
public interface Waits {
  /// Actions to perform, in order of id, after `after` (empty for the first).
  List<ActionRecord> actions(Optional<ActionId> after, int limit);

  /// The action `id`.
  Optional<ActionRecord> action(ActionId id);

  /// Timers due before `before` in [DueTimer#ORDER], after `after` (empty for the first).
  List<DueTimer> timers(Optional<DueTimer> after, Instant before, int limit);

  /// True while a timer is remembered.
  boolean hasTimer(TimerId timer);

  /// Listeners of a namespace that have a filter of this event type.
  List<ListenerRecord> listeners(String namespace, String eventType);

  /// Listeners of a namespace that `event` may be for: all that it fits, and others of its type
  /// that the store cannot tell from them.
  default List<ListenerRecord> candidates(String namespace, CloudEvent event) {
    return listeners(namespace, event.type());
  }

  /// Listeners of a namespace, oldest first.
  Listing<ListenerRecord> listeners(String namespace, Page page);

  /// Namespaces that have events that were not delivered.
  List<String> namespacesWithUndelivered();

  /// How many events of a namespace were not delivered, counted up to `atMost`.
  int undelivered(String namespace, int atMost);

  /// Events of a namespace that were not delivered, oldest first, with an order after `after`.
  List<EventRecord> undelivered(String namespace, long after, int limit);

  /// Events of a namespace, newest first.
  Listing<EventRecord> events(String namespace, Page page);

  /// The event with this source and id.
  Optional<EventRecord> event(String namespace, String source, String id);

  /// A timer and when it is due.
  record DueTimer(TimerId timer, Instant due) {
    /// By time, then by name.
    public static final Comparator<DueTimer> ORDER =
        Comparator.comparing(DueTimer::due)
            .thenComparing(due -> due.timer().instance().toString())
            .thenComparing(due -> due.timer().name());
  }
}
