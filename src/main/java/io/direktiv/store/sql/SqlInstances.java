package io.direktiv.store.sql;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Visit;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.Instances;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.direktiv.store.codec.HistoryCodec;
import io.direktiv.store.codec.InstanceCodec;
import io.direktiv.store.codec.Outcomes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads instances, their history and their logs.
final class SqlInstances implements Instances {
  private final Readers readers;

  SqlInstances(Readers readers) {
    this.readers = readers;
  }

  @Override
  public Optional<Instance> load(InstanceId id) {
    return readers.read(db -> load(db, id));
  }

  private static Optional<Instance> load(Session db, InstanceId id) throws SQLException {
    Optional<byte[]> record =
        db.first(
            "SELECT coalesce(i.record, r.record) FROM instance i LEFT JOIN instance_record r ON"
                + " r.id = i.id WHERE i.id = ?",
            row -> row.getBytes(1),
            id.toString());
    if (record.isEmpty()) {
      return Optional.empty();
    }
    Instance instance = InstanceCodec.decode((JsonObject) Json.parse(record.get()));
    if (!(instance.activity() instanceof Activity.Acting acting)) {
      return Optional.of(instance);
    }
    return Optional.of(merged(db, instance, acting));
  }

  /// Adds the outcomes that are stored beside the record.
  private static Instance merged(Session db, Instance instance, Activity.Acting acting)
      throws SQLException {
    Map<Integer, Outcome> outcomes = new HashMap<>();
    db.list(
        "SELECT id, outcome FROM action WHERE instance = ? AND outcome IS NOT NULL",
        row -> {
          ActionId action = ActionId.parse(row.getString("id")).orElseThrow();
          if (action.step() == instance.step()) {
            outcomes.put(
                action.branch(),
                InstanceCodec.decodeOutcome((JsonObject) Json.parse(row.getString("outcome"))));
          }
          return action;
        },
        instance.id().toString());
    return Outcomes.merge(instance, acting, outcomes);
  }

  @Override
  public int living(InstanceId root, int atMost) {
    return readers.read(db ->
        (int)
            db.count(
                "SELECT count(*) FROM (SELECT 1 FROM instance WHERE root = ? AND ended_at IS NULL"
                    + " LIMIT ?)",
                root.toString(),
                atMost));
  }

  @Override
  public Listing<InstanceSummary> list(InstanceQuery query, Page page) {
    StringBuilder where = new StringBuilder(" FROM instance WHERE namespace = ?");
    List<Object> values = new ArrayList<>(List.of(query.namespace()));
    query
        .workflow()
        .ifPresent(workflow -> {
          where.append(" AND workflow = ?");
          values.add(workflow);
        });
    if (!query.statuses().isEmpty()) {
      where.append(" AND status IN (?");
      where.append(", ?".repeat(query.statuses().size() - 1)).append(")");
      query.statuses().stream().sorted().map(Status::word).forEach(values::add);
    }
    query
        .beganFrom()
        .ifPresent(from -> {
          where.append(" AND began_at >= ?");
          values.add(from);
        });
    query
        .beganBefore()
        .ifPresent(before -> {
          where.append(" AND began_at < ?");
          values.add(before);
        });
    Object[] counted = values.toArray();
    values.add(page.limit());
    values.add(page.offset());
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT *" + where + " ORDER BY ord DESC LIMIT ? OFFSET ?",
                Rows::summary,
                values.toArray()),
            db.count("SELECT count(*)" + where, counted)));
  }

  @Override
  public Optional<InstanceId> byStartKey(String namespace, String startKey) {
    return readers.read(db ->
        db.first(
                "SELECT instance FROM start_key WHERE namespace = ? AND start_key = ?",
                row -> row.getString(1),
                namespace,
                startKey)
            .flatMap(InstanceId::parse));
  }

  @Override
  public Optional<IdempotencyRecord> byIdempotencyKey(String namespace, String key) {
    return readers.read(db ->
        db.first(
            "SELECT * FROM idempotency_key WHERE namespace = ? AND name = ?",
            row ->
                new IdempotencyRecord(
                    row.getString("namespace"),
                    row.getString("name"),
                    row.getBytes("body_hash"),
                    InstanceId.parse(row.getString("instance")).orElseThrow(),
                    Session.instant(row.getLong("used_at"))),
            namespace,
            key));
  }

  @Override
  public Listing<Visit> history(InstanceId id, Page page) {
    return part(id, page, "visit_count", "visits", HistoryCodec::decodeVisits);
  }

  @Override
  public Listing<LogLine> logs(InstanceId id, Page page) {
    return part(id, page, "log_count", "logs", HistoryCodec::decodeLogs);
  }

  private record Chunk(long row, int count) {}

  /// Finds the rows that hold the page by their counts, and reads only those.
  private <T> Listing<T> part(
      InstanceId id, Page page, String count, String column, Function<Json, List<T>> decode) {
    return readers.read(db -> {
      List<Chunk> chunks =
          db.list(
              "SELECT ord, " + count + " FROM history WHERE instance = ? ORDER BY ord",
              row -> new Chunk(row.getLong(1), row.getInt(2)),
              id.toString());
      List<T> items = new ArrayList<>();
      long at = 0;
      for (Chunk chunk : chunks) {
        boolean isWanted =
            at + chunk.count > page.offset() && at < page.offset() + (long) page.limit();
        if (isWanted) {
          List<T> found =
              db.first(
                      "SELECT " + column + " FROM history WHERE ord = ?",
                      row -> decode.apply(Json.parse(row.getString(1))),
                      chunk.row)
                  .orElse(List.of());
          int from = (int) Math.max(0, page.offset() - at);
          int to = (int) Math.min(found.size(), page.offset() + (long) page.limit() - at);
          items.addAll(found.subList(Math.min(from, to), to));
        }
        at += chunk.count;
      }
      return new Listing<>(items, at);
    });
  }

  @Override
  public List<InstanceId> ready(Optional<InstanceId> after, int limit) {
    return readers.read(db ->
        db.list(
            "SELECT id FROM instance WHERE ready = 1 AND id > ? ORDER BY id LIMIT ?",
            row -> InstanceId.parse(row.getString(1)).orElseThrow(),
            after.map(InstanceId::toString).orElse(""),
            limit));
  }
}
