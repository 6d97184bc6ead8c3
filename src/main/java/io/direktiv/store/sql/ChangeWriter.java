package io.direktiv.store.sql;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.TimerId;
import io.direktiv.json.Json;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.ConflictException.Kind;
import io.direktiv.store.EventRecord;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableRecord;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.codec.HistoryCodec;
import io.direktiv.store.codec.InstanceCodec;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Writes changes through the writing connection. For the committer's thread.
final class ChangeWriter {
  /// Records longer than this stand beside the row, in `instance_record`.
  private static final int INLINE_BYTES_MAX = 8 << 10;

  private final Session db;
  private final Deleter deleter;
  private long order = -1;

  ChangeWriter(Session db) {
    this.db = db;
    this.deleter = new Deleter(db);
  }

  /// Forgets what it remembered of a transaction that failed.
  void reset() {
    order = -1;
  }

  void write(Change change) throws SQLException {
    switch (change) {
      case Change.CreateNamespace(NamespaceRecord namespace) -> create(namespace);
      case Change.DeleteNamespace(String name) -> deleter.namespace(name);
      case Change.CreateWorkflow(WorkflowRecord workflow) -> create(workflow);
      case Change.UpdateWorkflow(WorkflowRecord workflow, int from) -> update(workflow, from);
      case Change.DeleteWorkflow(String uid) -> deleter.workflow(uid);
      case Change.CreateInstance(Instance instance, Optional<String> key) -> create(instance, key);
      case Change.SaveInstance(Instance instance) -> save(instance);
      case Change.AppendHistory append -> append(append);
      case Change.RequireAction(var action) -> require(action.toString());
      case Change.PutAction(ActionRecord action) -> put(action);
      case Change.FinishBranch(var action, Outcome outcome) ->
          db.update(
              "UPDATE action SET outcome = ? WHERE id = ?",
              InstanceCodec.encode(outcome).toString(),
              action.toString());
      case Change.DeleteAction(var action) ->
          db.update("DELETE FROM action WHERE id = ?", action.toString());
      case Change.DeleteActionsOf(InstanceId instance) ->
          db.update(
              "DELETE FROM action WHERE instance = ? AND is_async = 0 AND kind <> 'CANCEL'",
              instance.toString());
      case Change.PutTimer(TimerId timer, Instant due) -> put(timer, due);
      case Change.DeleteTimer(var timer) ->
          db.update(
              "DELETE FROM timer WHERE instance = ? AND name = ?",
              timer.instance().toString(),
              timer.name());
      case Change.PutListener(ListenerRecord listener) -> put(listener);
      case Change.PutSets(String listener, long at, Json sets) ->
          db.update(
              "UPDATE listener SET sets = ? WHERE id = ? AND ord = ?",
              sets.toString(),
              listener,
              at);
      case Change.DeleteListener(String id) -> deleter.listener(id);
      case Change.PutEvent(EventRecord event) -> put(event);
      case Change.FinishEvent finish -> finish(finish);
      case Change.PutVariable(VariableRecord variable) -> put(variable);
      case Change.DeleteVariable(var owner, String key) ->
          db.update(
              "DELETE FROM variable WHERE namespace = ? AND owner = ? AND name = ?",
              owner.namespace(),
              Rows.owner(owner),
              key);
      case Change.PutSecret(SecretRecord secret, boolean replace) -> put(secret, replace);
      case Change.DeleteSecret(String namespace, String name) ->
          db.update("DELETE FROM secret WHERE namespace = ? AND name = ?", namespace, name);
      case Change.PutRegistry(RegistryRecord registry, boolean replace) -> put(registry, replace);
      case Change.DeleteRegistry(String namespace, String url) ->
          db.update("DELETE FROM registry WHERE namespace = ? AND url = ?", namespace, url);
      case Change.PutIdempotencyKey(IdempotencyRecord record) -> put(record);
      case Change.CreateToken(TokenRecord token) -> create(token);
      case Change.DeleteToken(String name) -> deleter.token(name);
      case Change.Prune(Instant before, int atMost) -> deleter.prune(before, atMost);
    }
  }

  // ---- namespaces and workflows ----

  private void create(NamespaceRecord namespace) throws SQLException {
    int added =
        db.update(
            "INSERT OR IGNORE INTO namespace (name, created_at, wrapped_key) VALUES (?, ?, ?)",
            namespace.name(),
            namespace.createdAt(),
            namespace.wrappedKey());
    if (added == 0) {
      throw new ConflictException(Kind.EXISTS, "namespace '" + namespace.name() + "'");
    }
  }

  private void requireNamespace(String name) throws SQLException {
    if (!db.exists("SELECT 1 FROM namespace WHERE name = ?", name)) {
      throw new ConflictException(Kind.ABSENT, "namespace '" + name + "'");
    }
  }

  private void create(WorkflowRecord workflow) throws SQLException {
    requireNamespace(workflow.namespace());
    int added =
        db.update(
            "INSERT OR IGNORE INTO workflow (uid, namespace, id, revision, active, created_at,"
                + " updated_at, description, log_to_events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            workflow.uid(),
            workflow.namespace(),
            workflow.id(),
            workflow.revision(),
            workflow.isActive(),
            workflow.createdAt(),
            workflow.updatedAt(),
            workflow.description(),
            workflow.logToEvents());
    if (added == 0) {
      throw new ConflictException(Kind.EXISTS, "workflow '" + workflow.id() + "'");
    }
    putSource(workflow);
  }

  private void putSource(WorkflowRecord workflow) throws SQLException {
    db.update(
        "INSERT OR REPLACE INTO revision (uid, revision, source) VALUES (?, ?, ?)",
        workflow.uid(),
        workflow.revision(),
        workflow.source());
  }

  private void update(WorkflowRecord workflow, int from) throws SQLException {
    Optional<Integer> present =
        db.first(
            "SELECT revision FROM workflow WHERE uid = ?", row -> row.getInt(1), workflow.uid());
    if (present.isEmpty()) {
      throw new ConflictException(Kind.ABSENT, "workflow '" + workflow.id() + "'");
    }
    if (present.get() != from) {
      throw new ConflictException(Kind.CHANGED, "workflow '" + workflow.id() + "'");
    }
    boolean isTaken =
        db.exists(
            "SELECT 1 FROM workflow WHERE namespace = ? AND id = ? AND uid <> ?",
            workflow.namespace(),
            workflow.id(),
            workflow.uid());
    if (isTaken) {
      throw new ConflictException(Kind.EXISTS, "workflow '" + workflow.id() + "'");
    }
    db.update(
        "UPDATE workflow SET id = ?, revision = ?, active = ?, updated_at = ?, description = ?,"
            + " log_to_events = ? WHERE uid = ?",
        workflow.id(),
        workflow.revision(),
        workflow.isActive(),
        workflow.updatedAt(),
        workflow.description(),
        workflow.logToEvents(),
        workflow.uid());
    putSource(workflow);
    db.update(
        "DELETE FROM revision WHERE uid = ? AND revision < ? AND NOT EXISTS (SELECT 1 FROM instance"
            + " WHERE workflow_uid = revision.uid AND instance.revision = revision.revision)",
        workflow.uid(),
        workflow.revision());
  }

  // ---- instances ----

  private void create(Instance instance, Optional<String> startKey) throws SQLException {
    if (!db.exists("SELECT 1 FROM workflow WHERE uid = ?", instance.workflow())) {
      requireNamespace(instance.id().namespace());
      throw new ConflictException(Kind.ABSENT, "workflow '" + instance.id().workflow() + "'");
    }
    String id = instance.id().toString();
    if (startKey.isPresent()) {
      int added =
          db.update(
              "INSERT OR IGNORE INTO start_key (namespace, start_key, instance) VALUES (?, ?, ?)",
              instance.id().namespace(),
              startKey.get(),
              id);
      if (added == 0) {
        throw new ConflictException(Kind.EXISTS, "an instance started by " + startKey.get());
      }
    }
    byte[] record = InstanceCodec.encode(instance).toBytes();
    boolean isLarge = record.length > INLINE_BYTES_MAX;
    int added =
        db.update(
            "INSERT OR IGNORE INTO instance (id, namespace, workflow, workflow_uid, revision,"
                + " status, ready, sequence, began_at, ended_at, invoker, error_code, record,"
                + " is_large, root) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            id,
            instance.id().namespace(),
            instance.id().workflow(),
            instance.workflow(),
            instance.revision(),
            instance.status().word(),
            isReady(instance),
            instance.sequence(),
            instance.beganAt(),
            endedAt(instance),
            InstanceCodec.word(instance.invoker()),
            errorCode(instance),
            isLarge ? null : record,
            isLarge,
            root(instance));
    if (added == 0) {
      throw new ConflictException(Kind.EXISTS, "instance '" + id + "'");
    }
    if (isLarge) {
      putLarge(id, record);
    }
  }

  private void putLarge(String id, byte[] record) throws SQLException {
    db.update("INSERT OR REPLACE INTO instance_record (id, record) VALUES (?, ?)", id, record);
  }

  private static String root(Instance instance) {
    return instance.invoker() instanceof Invoker.Subflow subflow ? subflow.root().toString() : null;
  }

  private static boolean isReady(Instance instance) {
    return instance.ending().isEmpty() && instance.activity() instanceof Activity.Ready;
  }

  private static Instant endedAt(Instance instance) {
    return instance.ending().map(Instance.Ending::at).orElse(null);
  }

  private static String errorCode(Instance instance) {
    return instance
        .ending()
        .flatMap(Instance.Ending::error)
        .map(error -> error.code())
        .orElse(null);
  }

  private void save(Instance instance) throws SQLException {
    String id = instance.id().toString();
    byte[] record = InstanceCodec.encode(instance).toBytes();
    boolean isLarge = record.length > INLINE_BYTES_MAX;
    int changed =
        db.update(
            "UPDATE instance SET status = ?, ready = ?, sequence = ?, ended_at = ?, error_code = ?,"
                + " record = ?, is_large = ? WHERE id = ? AND sequence = ?",
            instance.status().word(),
            isReady(instance),
            instance.sequence(),
            endedAt(instance),
            errorCode(instance),
            isLarge ? null : record,
            isLarge,
            id,
            instance.sequence() - 1);
    if (changed == 0) {
      boolean isThere = db.exists("SELECT 1 FROM instance WHERE id = ?", id);
      throw new ConflictException(isThere ? Kind.CHANGED : Kind.ABSENT, "instance '" + id + "'");
    }
    if (isLarge) {
      putLarge(id, record);
    } else {
      db.update("DELETE FROM instance_record WHERE id = ?", id);
    }
  }

  private void append(Change.AppendHistory append) throws SQLException {
    if (append.visits().isEmpty() && append.logs().isEmpty()) {
      return;
    }
    db.update(
        "INSERT INTO history (instance, visit_count, log_count, visits, logs) SELECT ?, ?, ?, ?, ?"
            + " WHERE EXISTS (SELECT 1 FROM instance WHERE id = ?)",
        append.instance().toString(),
        append.visits().size(),
        append.logs().size(),
        HistoryCodec.encodeVisits(append.visits()).toString(),
        HistoryCodec.encodeLogs(append.logs()).toString(),
        append.instance().toString());
  }

  // ---- what waits ----

  private void require(String action) throws SQLException {
    if (!db.exists("SELECT 1 FROM action WHERE id = ? AND kind <> 'CANCEL'", action)) {
      throw new ConflictException(Kind.ABSENT, "action '" + action + "'");
    }
  }

  private void put(ActionRecord action) throws SQLException {
    db.update(
        "INSERT OR REPLACE INTO action (id, instance, kind, is_async, workflow, revision, state,"
            + " data, depth, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        action.id().toString(),
        action.id().instance().toString(),
        action.kind().name(),
        action.isAsync(),
        action.workflow(),
        action.revision(),
        action.state(),
        action.data().map(Json::toString).orElse(null),
        action.depth());
  }

  private void put(TimerId timer, Instant due) throws SQLException {
    db.update(
        "INSERT OR REPLACE INTO timer (instance, name, due) VALUES (?, ?, ?)",
        timer.instance().toString(),
        timer.name(),
        due);
  }

  private long nextOrder() throws SQLException {
    if (order < 0) {
      order = db.count("SELECT value FROM counter WHERE name = 'order'");
    }
    order++;
    db.update("UPDATE counter SET value = ? WHERE name = 'order'", order);
    return order;
  }

  private void put(ListenerRecord listener) throws SQLException {
    deleter.listener(listener.id());
    long at = listener.order() == 0 ? nextOrder() : listener.order();
    Rows.ListenerOwner owner = Rows.owner(listener.owner());
    db.update(
        "INSERT INTO listener (id, namespace, ord, created_at, instance, step, workflow, filters,"
            + " is_all, lifespan, correlate, sets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        listener.id(),
        listener.namespace(),
        at,
        listener.createdAt(),
        owner.instance(),
        owner.step(),
        owner.workflow(),
        InstanceCodec.encodeFilters(listener.filters()).toString(),
        listener.isAll(),
        listener.lifespan().map(Object::toString).orElse(null),
        Rows.texts(listener.correlate()),
        listener.sets().toString());
    for (var filter : listener.filters()) {
      db.update(
          "INSERT OR IGNORE INTO listener_key (namespace, type, attribute, listener) VALUES"
              + " (?, ?, ?, ?)",
          listener.namespace(),
          filter.type(),
          ListenerKeys.of(filter),
          listener.id());
    }
  }

  private void put(EventRecord event) throws SQLException {
    requireNamespace(event.namespace());
    boolean isKnown =
        db.exists(
            "SELECT 1 FROM event WHERE namespace = ? AND source = ? AND event_id = ?",
            event.namespace(),
            event.event().source(),
            event.event().id());
    if (isKnown) {
      throw new ConflictException(Kind.EXISTS, "event '" + event.event().id() + "'");
    }
    db.update(
        "INSERT INTO event (ord, namespace, source, event_id, received_at, event, delivered,"
            + " caused) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        event.order() == 0 ? nextOrder() : event.order(),
        event.namespace(),
        event.event().source(),
        event.event().id(),
        event.receivedAt(),
        event.event().json().toString(),
        event.isDelivered(),
        Rows.texts(event.caused()));
  }

  private void finish(Change.FinishEvent finish) throws SQLException {
    db.update(
        "UPDATE event SET delivered = 1, caused = ? WHERE namespace = ? AND ord = ?",
        Rows.texts(List.copyOf(finish.caused())),
        finish.namespace(),
        finish.order());
  }

  // ---- holdings ----

  private void put(VariableRecord variable) throws SQLException {
    requireNamespace(variable.owner().namespace());
    db.update(
        "INSERT INTO variable (namespace, owner, name, value, mime_type, created_at, updated_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (namespace, owner, name) DO UPDATE SET"
            + " value = excluded.value, mime_type = excluded.mime_type,"
            + " updated_at = excluded.updated_at",
        variable.owner().namespace(),
        Rows.owner(variable.owner()),
        variable.key(),
        variable.value(),
        variable.mimeType(),
        variable.createdAt(),
        variable.updatedAt());
  }

  private void put(SecretRecord secret, boolean replace) throws SQLException {
    requireNamespace(secret.namespace());
    int added =
        db.update(
            "INSERT OR IGNORE INTO secret (namespace, name, sealed, created_at) VALUES"
                + " (?, ?, ?, ?)",
            secret.namespace(),
            secret.name(),
            secret.sealed(),
            secret.createdAt());
    if (added == 0 && !replace) {
      throw new ConflictException(Kind.EXISTS, "secret '" + secret.name() + "'");
    }
    if (added == 0) {
      db.update(
          "UPDATE secret SET sealed = ? WHERE namespace = ? AND name = ?",
          secret.sealed(),
          secret.namespace(),
          secret.name());
    }
  }

  private void put(RegistryRecord registry, boolean replace) throws SQLException {
    requireNamespace(registry.namespace());
    int added =
        db.update(
            "INSERT OR IGNORE INTO registry (namespace, url, sealed, created_at) VALUES"
                + " (?, ?, ?, ?)",
            registry.namespace(),
            registry.url(),
            registry.sealed(),
            registry.createdAt());
    if (added == 0 && !replace) {
      throw new ConflictException(Kind.EXISTS, "registry '" + registry.url() + "'");
    }
    if (added == 0) {
      db.update(
          "UPDATE registry SET sealed = ? WHERE namespace = ? AND url = ?",
          registry.sealed(),
          registry.namespace(),
          registry.url());
    }
  }

  private void put(IdempotencyRecord record) throws SQLException {
    int added =
        db.update(
            "INSERT OR IGNORE INTO idempotency_key (namespace, name, body_hash, instance, used_at)"
                + " VALUES (?, ?, ?, ?, ?)",
            record.namespace(),
            record.key(),
            record.bodyHash(),
            record.instance().toString(),
            record.at());
    if (added == 0) {
      throw new ConflictException(Kind.EXISTS, "idempotency key '" + record.key() + "'");
    }
  }

  private void create(TokenRecord token) throws SQLException {
    int added =
        db.update(
            "INSERT OR IGNORE INTO token (name, hash, namespace, created_at, expires_at) VALUES"
                + " (?, ?, ?, ?, ?)",
            token.name(),
            token.hash(),
            token.namespace().orElse(null),
            token.createdAt(),
            token.expiresAt().orElse(null));
    if (added == 0) {
      throw new ConflictException(Kind.EXISTS, "token '" + token.name() + "'");
    }
  }
}
