package io.direktiv.store.sql;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.TimerId;
import io.direktiv.model.CloudEvent;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.direktiv.store.Waits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what waits.
final class SqlWaits implements Waits {
  private final Readers readers;

  SqlWaits(Readers readers) {
    this.readers = readers;
  }

  @Override
  public List<ActionRecord> actions(Optional<ActionId> after, int limit) {
    return readers.read(db ->
        db.list(
            "SELECT * FROM action WHERE id > ? AND outcome IS NULL ORDER BY id LIMIT ?",
            Rows::action,
            after.map(ActionId::toString).orElse(""),
            limit));
  }

  @Override
  public Optional<ActionRecord> action(ActionId id) {
    return readers.read(
        db -> db.first("SELECT * FROM action WHERE id = ?", Rows::action, id.toString()));
  }

  @Override
  public List<DueTimer> timers(Optional<DueTimer> after, Instant before, int limit) {
    return readers.read(db ->
        db.list(
            "SELECT * FROM timer WHERE due < ? AND (due, instance, name) > (?, ?, ?) ORDER BY"
                + " due, instance, name LIMIT ?",
            row ->
                new DueTimer(
                    new TimerId(
                        InstanceId.parse(row.getString("instance")).orElseThrow(),
                        row.getString("name")),
                    Session.instant(row.getLong("due"))),
            before,
            after.map(last -> Session.micros(last.due())).orElse(Long.MIN_VALUE),
            after.map(last -> last.timer().instance().toString()).orElse(""),
            after.map(last -> last.timer().name()).orElse(""),
            limit));
  }

  @Override
  public boolean hasTimer(TimerId timer) {
    return readers.read(db ->
        db.exists(
            "SELECT 1 FROM timer WHERE instance = ? AND name = ?",
            timer.instance().toString(),
            timer.name()));
  }

  @Override
  public List<ListenerRecord> listeners(String namespace, String eventType) {
    return readers.read(db ->
        db.list(
            "SELECT * FROM listener WHERE id IN (SELECT listener FROM listener_key WHERE"
                + " namespace = ? AND type = ?) ORDER BY ord",
            Rows::listener,
            namespace,
            eventType));
  }

  @Override
  public List<ListenerRecord> candidates(String namespace, CloudEvent event) {
    return readers.read(db ->
        db.list(
            "SELECT * FROM listener WHERE id IN (SELECT listener FROM listener_key WHERE"
                + " namespace = ? AND type = ? AND attribute IN (SELECT value FROM json_each(?)))"
                + " ORDER BY ord",
            Rows::listener,
            namespace,
            event.type(),
            ListenerKeys.of(event).toString()));
  }

  @Override
  public Listing<ListenerRecord> listeners(String namespace, Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT * FROM listener WHERE namespace = ? ORDER BY ord LIMIT ? OFFSET ?",
                Rows::listener,
                namespace,
                page.limit(),
                page.offset()),
            db.count("SELECT count(*) FROM listener WHERE namespace = ?", namespace)));
  }

  /// Jumps from one namespace to the next one in the index, past all events of each.
  @Override
  public List<String> namespacesWithUndelivered() {
    return readers.read(db -> {
      List<String> found = new ArrayList<>();
      Optional<String> next = Optional.of("");
      while (next.isPresent()) {
        next =
            db.first(
                "SELECT namespace FROM event WHERE delivered = 0 AND namespace > ? ORDER BY"
                    + " namespace LIMIT 1",
                row -> row.getString(1),
                next.get());
        next.ifPresent(found::add);
      }
      return found;
    });
  }

  @Override
  public int undelivered(String namespace, int atMost) {
    return readers.read(db ->
        (int)
            db.count(
                "SELECT count(*) FROM (SELECT 1 FROM event WHERE delivered = 0 AND namespace = ?"
                    + " LIMIT ?)",
                namespace,
                atMost));
  }

  @Override
  public List<EventRecord> undelivered(String namespace, long after, int limit) {
    return readers.read(db ->
        db.list(
            "SELECT * FROM event WHERE delivered = 0 AND namespace = ? AND ord > ? ORDER BY ord"
                + " LIMIT ?",
            Rows::event,
            namespace,
            after,
            limit));
  }

  @Override
  public Listing<EventRecord> events(String namespace, Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT * FROM event WHERE namespace = ? ORDER BY ord DESC LIMIT ? OFFSET ?",
                Rows::event,
                namespace,
                page.limit(),
                page.offset()),
            db.count("SELECT count(*) FROM event WHERE namespace = ?", namespace)));
  }

  @Override
  public Optional<EventRecord> event(String namespace, String source, String id) {
    return readers.read(db ->
        db.first(
            "SELECT * FROM event WHERE namespace = ? AND source = ? AND event_id = ?",
            Rows::event,
            namespace,
            source,
            id));
  }
}
