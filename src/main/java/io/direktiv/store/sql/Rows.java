package io.direktiv.store.sql;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Status;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.EventRecord;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.codec.InstanceCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns rows into records.
final class Rows {
  private Rows() {}

  /// The columns that tell whose a listener is.
  record ListenerOwner(String instance, Integer step, String workflow) {}

  static ListenerOwner owner(ListenerRecord.Owner owner) {
    return switch (owner) {
      case ListenerRecord.Owner.OfInstance(ListenerId listener) ->
          new ListenerOwner(listener.instance().toString(), listener.step(), null);
      case ListenerRecord.Owner.OfWorkflow(String uid) -> new ListenerOwner(null, null, uid);
    };
  }

  static String owner(VariableOwner owner) {
    return switch (owner) {
      case VariableOwner.OfNamespace _ -> "namespace";
      case VariableOwner.OfWorkflow(String _, String uid) -> "workflow:" + uid;
      case VariableOwner.OfInstance(InstanceId instance) -> "instance:" + instance;
    };
  }

  static String texts(List<String> texts) {
    return JsonArray.of(texts.stream().map(Json::of).toList()).toString();
  }

  private static List<String> texts(String json) {
    List<String> texts = new ArrayList<>();
    ((JsonArray) Json.parse(json)).forEach(text -> texts.add(((JsonString) text).value()));
    return texts;
  }

  private static Instant at(ResultSet row, String column) throws SQLException {
    return Session.instant(row.getLong(column));
  }

  private static Optional<Instant> maybeAt(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Session.instant(micros));
  }

  static NamespaceRecord namespace(ResultSet row) throws SQLException {
    return new NamespaceRecord(
        row.getString("name"), at(row, "created_at"), row.getBytes("wrapped_key"));
  }

  static WorkflowRecord workflow(ResultSet row) throws SQLException {
    return new WorkflowRecord(
        row.getString("uid"),
        row.getString("namespace"),
        row.getString("id"),
        row.getInt("revision"),
        row.getInt("active") == 1,
        at(row, "created_at"),
        at(row, "updated_at"),
        row.getString("description"),
        row.getString("log_to_events"),
        row.getString("source"));
  }

  static InstanceSummary summary(ResultSet row) throws SQLException {
    return new InstanceSummary(
        InstanceId.parse(row.getString("id")).orElseThrow(),
        Status.parse(row.getString("status")).orElseThrow(),
        at(row, "began_at"),
        maybeAt(row, "ended_at"),
        row.getString("invoker"),
        Optional.ofNullable(row.getString("error_code")));
  }

  static ActionRecord action(ResultSet row) throws SQLException {
    return new ActionRecord(
        ActionId.parse(row.getString("id")).orElseThrow(),
        ActionRecord.Kind.valueOf(row.getString("kind")),
        row.getInt("is_async") == 1,
        row.getString("workflow"),
        row.getInt("revision"),
        row.getString("state"),
        Optional.ofNullable(row.getString("data")).map(Json::parse),
        row.getInt("depth"));
  }

  static ListenerRecord listener(ResultSet row) throws SQLException {
    String instance = row.getString("instance");
    ListenerRecord.Owner owner =
        instance == null
            ? new ListenerRecord.Owner.OfWorkflow(row.getString("workflow"))
            : new ListenerRecord.Owner.OfInstance(
                new ListenerId(InstanceId.parse(instance).orElseThrow(), row.getInt("step")));
    return new ListenerRecord(
        row.getString("id"),
        row.getString("namespace"),
        owner,
        row.getLong("ord"),
        at(row, "created_at"),
        InstanceCodec.decodeFilters(Json.parse(row.getString("filters"))),
        row.getInt("is_all") == 1,
        Optional.ofNullable(row.getString("lifespan")).flatMap(IsoDuration::parse),
        texts(row.getString("correlate")),
        Json.parse(row.getString("sets")));
  }

  static EventRecord event(ResultSet row) throws SQLException {
    return new EventRecord(
        row.getString("namespace"),
        row.getLong("ord"),
        at(row, "received_at"),
        new CloudEvent((JsonObject) Json.parse(row.getString("event"))),
        row.getInt("delivered") == 1,
        texts(row.getString("caused")));
  }

  static TokenRecord token(ResultSet row) throws SQLException {
    return new TokenRecord(
        row.getString("name"),
        row.getBytes("hash"),
        Optional.ofNullable(row.getString("namespace")),
        at(row, "created_at"),
        maybeAt(row, "expires_at"));
  }
}
