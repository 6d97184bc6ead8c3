package io.direktiv.execution;

import io.direktiv.store.EventRecord;
import java.util.ArrayDeque;
import java.util.List;

/// The undelivered events of one namespace, as far as [EventDelivery] has taken them up; guarded by
/// its monitor. The others wait in the store.
final class EventLane {
  final String namespace;
  private final ArrayDeque<EventRecord> page = new ArrayDeque<>();
  private long last;
  private int underWay;
  private boolean isInTurn;
  private boolean isReading = true;
  private boolean isAlone;

  /// How many events of the namespace wait, as far as this server knows.
  int waiting;

  EventLane(String namespace) {
    this.namespace = namespace;
  }

  /// Says that the store has events that were not read yet.
  void toRead() {
    isReading = true;
  }

  /// True when it has an event to deliver and may, and neither has a turn nor waits for one.
  boolean wantsTurn() {
    return !isInTurn
        && !isAlone
        && underWay < Limits.DELIVERIES_PER_NAMESPACE
        && (isReading || !page.isEmpty());
  }

  /// Takes its place among those who wait for a turn.
  void enterTurn() {
    isInTurn = true;
  }

  /// The turn is over; another one may follow.
  void leaveTurn() {
    isInTurn = false;
  }

  /// Where to read on, when what was read is used up and there is more; else -1.
  long readAfter() {
    if (!page.isEmpty() || !isReading) {
      return -1;
    }
    isReading = false;
    return last;
  }

  /// Takes what was read.
  void add(List<EventRecord> read, boolean isMore) {
    page.addAll(read);
    last = read.isEmpty() ? last : read.getLast().order();
    isReading |= isMore;
  }

  /// The next event, which is under way from now on; null when there is none.
  EventRecord take() {
    EventRecord event = page.poll();
    underWay += event == null ? 0 : 1;
    return event;
  }

  /// No other event of the namespace is begun before the one under way has ended.
  void stayAlone() {
    isAlone = true;
  }

  /// An event is not under way any more.
  void finished() {
    underWay--;
    isAlone = false;
  }
}
