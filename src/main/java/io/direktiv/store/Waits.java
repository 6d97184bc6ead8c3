package io.direktiv.store;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.TimerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What waits, for recovery and delivery.
public interface Waits {
  /// Actions to perform, in order of id, after `after` (empty for the first).
  List<ActionRecord> actions(Optional<ActionId> after, int limit);

  /// The action `id`.
  Optional<ActionRecord> action(ActionId id);

  /// Timers in order of due time, due before `before`.
  List<DueTimer> timers(Instant before, int limit);

  /// Listeners of a namespace that have a filter of this event type.
  List<ListenerRecord> listeners(String namespace, String eventType);

  /// Listeners of a namespace, oldest first.
  Listing<ListenerRecord> listeners(String namespace, Page page);

  /// Events that were not delivered, oldest first.
  List<EventRecord> undelivered(int limit);

  /// Events of a namespace, newest first.
  Listing<EventRecord> events(String namespace, Page page);

  /// The event with this source and id.
  Optional<EventRecord> event(String namespace, String source, String id);

  /// A timer and when it is due.
  record DueTimer(TimerId timer, Instant due) {}
}
