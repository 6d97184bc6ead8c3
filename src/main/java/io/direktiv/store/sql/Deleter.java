package io.direktiv.store.sql;

import io.direktiv.store.ConflictException;
import io.direktiv.store.ConflictException.Kind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Deletes things with everything that belongs to them. For the committer's thread.
final class Deleter {
  private static final String ENDED =
      "instance WHERE ended_at IS NOT NULL AND ended_at < ? ORDER BY ended_at LIMIT ?";
  private static final String DELIVERED =
      "event WHERE received_at < ? AND delivered = 1 ORDER BY received_at LIMIT ?";
  private static final String USED = "idempotency_key WHERE used_at < ? ORDER BY used_at LIMIT ?";

  private final Session db;

  Deleter(Session db) {
    this.db = db;
  }

  /// The ids of a namespace's instances begin with its name and a slash; the sign after the slash
  /// ends their range.
  void namespace(String name) throws SQLException {
    if (db.update("DELETE FROM namespace WHERE name = ?", name) == 0) {
      throw new ConflictException(Kind.ABSENT, "namespace '" + name + "'");
    }
    String from = name + "/";
    String to = name + "0";
    for (String table : List.of("action", "timer", "history")) {
      db.update("DELETE FROM " + table + " WHERE instance >= ? AND instance < ?", from, to);
    }
    db.update("DELETE FROM instance_record WHERE id >= ? AND id < ?", from, to);
    db.update(
        "DELETE FROM revision WHERE uid IN (SELECT uid FROM workflow WHERE namespace = ?)", name);
    for (String table :
        List.of(
            "instance",
            "listener",
            "listener_key",
            "workflow",
            "event",
            "variable",
            "secret",
            "registry",
            "idempotency_key",
            "start_key",
            "token")) {
      db.update("DELETE FROM " + table + " WHERE namespace = ?", name);
    }
  }

  void workflow(String uid) throws SQLException {
    String namespace =
        db.first("SELECT namespace FROM workflow WHERE uid = ?", row -> row.getString(1), uid)
            .orElseThrow(() -> new ConflictException(Kind.ABSENT, "workflow '" + uid + "'"));
    instances("SELECT id FROM instance WHERE workflow_uid = ?", uid);
    listener(uid);
    db.update("DELETE FROM workflow WHERE uid = ?", uid);
    db.update("DELETE FROM revision WHERE uid = ?", uid);
    db.update(
        "DELETE FROM variable WHERE namespace = ? AND owner = ?", namespace, "workflow:" + uid);
  }

  /// Deletes the instances that `ids` selects; it is asked again for each table, the instances' own
  /// the last.
  private void instances(String ids, Object... values) throws SQLException {
    String owned = " WHERE instance IN (" + ids + ")";
    db.update(
        "DELETE FROM listener_key WHERE listener IN (SELECT id FROM listener" + owned + ")",
        values);
    for (String table : List.of("listener", "start_key", "action", "timer", "history")) {
      db.update("DELETE FROM " + table + owned, values);
    }
    db.update(
        "DELETE FROM variable WHERE (namespace, owner) IN (SELECT substr(id, 1, instr(id, '/') -"
            + " 1), 'instance:' || id FROM ("
            + ids
            + "))",
        values);
    db.update("DELETE FROM instance_record WHERE id IN (" + ids + ")", values);
    db.update("DELETE FROM instance WHERE id IN (" + ids + ")", values);
  }

  void listener(String id) throws SQLException {
    if (db.update("DELETE FROM listener WHERE id = ?", id) > 0) {
      db.update("DELETE FROM listener_key WHERE listener = ?", id);
    }
  }

  void token(String name) throws SQLException {
    if (db.update("DELETE FROM token WHERE name = ?", name) == 0) {
      throw new ConflictException(Kind.ABSENT, "token '" + name + "'");
    }
  }

  /// How much [#prune] would delete: the most there is of one kind.
  static int prunable(Session db, Instant before, int atMost) throws SQLException {
    long most = 0;
    for (String condition : List.of(ENDED, DELIVERED, USED)) {
      most =
          Math.max(
              most,
              db.count("SELECT count(*) FROM (SELECT 1 FROM " + condition + ")", before, atMost));
    }
    return (int) most;
  }

  void prune(Instant before, int atMost) throws SQLException {
    instances("SELECT id FROM " + ENDED, before, atMost);
    db.update("DELETE FROM event WHERE ord IN (SELECT ord FROM " + DELIVERED + ")", before, atMost);
    db.update(
        "DELETE FROM idempotency_key WHERE (namespace, name) IN (SELECT namespace, name FROM "
            + USED
            + ")",
        before,
        atMost);
  }
}
