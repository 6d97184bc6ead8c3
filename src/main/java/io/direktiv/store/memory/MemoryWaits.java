package io.direktiv.store.memory;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.TimerId;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.direktiv.store.Waits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads what waits.
record MemoryWaits(Tables tables) implements Waits {
  private static final Comparator<ListenerRecord> OLDEST_FIRST =
      Comparator.comparingLong(ListenerRecord::order);

  @Override
  public List<ActionRecord> actions(Optional<ActionId> after, int limit) {
    synchronized (tables) {
      List<ActionRecord> found = new ArrayList<>();
      for (Tables.ActionRow row : tables.actions.after(after.map(ActionId::toString).orElse(""))) {
        if (row.outcome().isEmpty() && found.size() < limit) {
          found.add(row.record());
        }
      }
      return found;
    }
  }

  @Override
  public Optional<ActionRecord> action(ActionId id) {
    synchronized (tables) {
      return tables.actions.get(id.toString()).map(Tables.ActionRow::record);
    }
  }

  @Override
  public List<DueTimer> timers(Optional<DueTimer> after, Instant before, int limit) {
    synchronized (tables) {
      return tables.timers.all().stream()
          .filter(timer -> timer.due().isBefore(before))
          .filter(timer -> after.map(last -> DueTimer.ORDER.compare(timer, last) > 0).orElse(true))
          .sorted(DueTimer.ORDER)
          .limit(limit)
          .toList();
    }
  }

  @Override
  public boolean hasTimer(TimerId timer) {
    synchronized (tables) {
      return tables.timers.has(timer.toString());
    }
  }

  @Override
  public List<ListenerRecord> listeners(String namespace, String eventType) {
    synchronized (tables) {
      return tables
          .listeners
          .where(listener ->
              listener.namespace().equals(namespace)
                  && listener.filters().stream()
                      .anyMatch(filter -> filter.type().equals(eventType)))
          .stream()
          .sorted(OLDEST_FIRST)
          .toList();
    }
  }

  @Override
  public Listing<ListenerRecord> listeners(String namespace, Page page) {
    synchronized (tables) {
      return Pages.of(
          tables.listeners.where(listener -> listener.namespace().equals(namespace)).stream()
              .sorted(OLDEST_FIRST)
              .toList(),
          page);
    }
  }

  @Override
  public List<String> namespacesWithUndelivered() {
    synchronized (tables) {
      return tables.events.where(event -> !event.isDelivered()).stream()
          .map(EventRecord::namespace)
          .distinct()
          .sorted()
          .toList();
    }
  }

  @Override
  public int undelivered(String namespace, int atMost) {
    return undelivered(namespace, 0, atMost).size();
  }

  @Override
  public List<EventRecord> undelivered(String namespace, long after, int limit) {
    synchronized (tables) {
      return tables
          .events
          .where(event ->
              !event.isDelivered() && event.order() > after && event.namespace().equals(namespace))
          .stream()
          .limit(limit)
          .toList();
    }
  }

  @Override
  public Listing<EventRecord> events(String namespace, Page page) {
    synchronized (tables) {
      return Pages.of(
          tables.events.where(event -> event.namespace().equals(namespace)).reversed(), page);
    }
  }

  @Override
  public Optional<EventRecord> event(String namespace, String source, String id) {
    synchronized (tables) {
      return tables.event(namespace, source, id);
    }
  }
}
