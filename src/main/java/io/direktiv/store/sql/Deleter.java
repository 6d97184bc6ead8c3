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

  void namespace(String name) throws SQLException {
    if (db.update("DELETE FROM namespace WHERE name = ?", name) == 0) {
      throw new ConflictException(Kind.ABSENT, "namespace '" + name + "'");
    }
    for (String id :
        db.list("SELECT id FROM instance WHERE namespace = ?", row -> row.getString(1), name)) {
      instance(id);
    }
    for (String id :
        db.list("SELECT id FROM listener WHERE namespace = ?", row -> row.getString(1), name)) {
      listener(id);
    }
    db.update(
        "DELETE FROM revision WHERE uid IN (SELECT uid FROM workflow WHERE namespace = ?)", name);
    for (String table :
        List.of(
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
    for (String id :
        db.list("SELECT id FROM instance WHERE workflow_uid = ?", row -> row.getString(1), uid)) {
      instance(id);
    }
    listener(uid);
    db.update("DELETE FROM workflow WHERE uid = ?", uid);
    db.update("DELETE FROM revision WHERE uid = ?", uid);
    db.update(
        "DELETE FROM variable WHERE namespace = ? AND owner = ?", namespace, "workflow:" + uid);
  }

  private void instance(String id) throws SQLException {
    for (String listener :
        db.list("SELECT id FROM listener WHERE instance = ?", row -> row.getString(1), id)) {
      listener(listener);
    }
    String namespace = id.substring(0, id.indexOf('/'));
    db.update(
        "DELETE FROM variable WHERE namespace = ? AND owner = ?", namespace, "instance:" + id);
    db.update("DELETE FROM start_key WHERE instance = ?", id);
    db.update("DELETE FROM action WHERE instance = ?", id);
    db.update("DELETE FROM timer WHERE instance = ?", id);
    db.update("DELETE FROM history WHERE instance = ?", id);
    db.update("DELETE FROM instance_record WHERE id = ?", id);
    db.update("DELETE FROM instance WHERE id = ?", id);
  }

  void listener(String id) throws SQLException {
    if (db.update("DELETE FROM listener WHERE id = ?", id) > 0) {
      db.update("DELETE FROM listener_type WHERE listener = ?", id);
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
    for (String id : db.list("SELECT id FROM " + ENDED, row -> row.getString(1), before, atMost)) {
      instance(id);
    }
    db.update("DELETE FROM event WHERE ord IN (SELECT ord FROM " + DELIVERED + ")", before, atMost);
    db.update(
        "DELETE FROM idempotency_key WHERE (namespace, name) IN (SELECT namespace, name FROM "
            + USED
            + ")",
        before,
        atMost);
  }
}
