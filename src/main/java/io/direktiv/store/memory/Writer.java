package io.direktiv.store.memory;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Visit;
import io.direktiv.json.Json;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.ConflictException.Kind;
import io.direktiv.store.EventRecord;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableRecord;
import io.direktiv.store.Waits;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.codec.InstanceCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Applies changes to the tables; a refused one throws, and the caller undoes its commit.
final class Writer {
  private final Tables tables;
  private final Remover remover;

  Writer(Tables tables) {
    this.tables = tables;
    this.remover = new Remover(tables);
  }

  void write(Change change) {
    switch (change) {
      case Change.CreateNamespace(NamespaceRecord namespace) -> create(namespace);
      case Change.DeleteNamespace(String name) -> remover.namespace(name);
      case Change.CreateWorkflow(WorkflowRecord workflow) -> create(workflow);
      case Change.UpdateWorkflow(WorkflowRecord workflow, int from) -> update(workflow, from);
      case Change.DeleteWorkflow(String uid) -> remover.workflow(uid);
      case Change.CreateInstance(Instance instance, Optional<String> key) -> create(instance, key);
      case Change.SaveInstance(Instance instance) -> save(instance);
      case Change.AppendHistory append -> append(append);
      case Change.RequireAction(var action) -> require(action.toString());
      case Change.PutAction(ActionRecord action) ->
          tables.actions.put(
              action.id().toString(), new Tables.ActionRow(action, Optional.empty()));
      case Change.FinishBranch(var action, var outcome) ->
          tables
              .actions
              .get(action.toString())
              .ifPresent(row ->
                  tables.actions.put(
                      action.toString(), new Tables.ActionRow(row.record(), Optional.of(outcome))));
      case Change.DeleteAction(var action) -> tables.actions.remove(action.toString());
      case Change.DeleteActionsOf(InstanceId instance) -> remover.actions(instance);
      case Change.PutTimer(var timer, Instant due) ->
          tables.timers.put(timer.toString(), new Waits.DueTimer(timer, due));
      case Change.DeleteTimer(var timer) -> tables.timers.remove(timer.toString());
      case Change.PutListener(ListenerRecord listener) -> put(listener);
      case Change.PutSets(String listener, long order, Json sets) ->
          tables
              .listeners
              .get(listener)
              .filter(row -> row.order() == order)
              .ifPresent(row -> tables.listeners.put(listener, row.with(sets)));
      case Change.DeleteListener(String id) -> tables.listeners.remove(id);
      case Change.PutEvent(EventRecord event) -> put(event);
      case Change.FinishEvent finish -> finish(finish);
      case Change.PutVariable(VariableRecord variable) -> put(variable);
      case Change.DeleteVariable(var owner, String key) ->
          tables.variables.remove(Tables.key(owner, key));
      case Change.PutSecret(SecretRecord secret, boolean replace) -> put(secret, replace);
      case Change.DeleteSecret(String namespace, String name) ->
          tables.secrets.remove(Tables.key(namespace, name));
      case Change.PutRegistry(RegistryRecord registry, boolean replace) -> put(registry, replace);
      case Change.DeleteRegistry(String namespace, String url) ->
          tables.registries.remove(Tables.key(namespace, url));
      case Change.PutIdempotencyKey(IdempotencyRecord record) -> put(record);
      case Change.CreateToken(TokenRecord token) -> create(token);
      case Change.DeleteToken(String name) -> remover.token(name);
      case Change.Prune(Instant before, int atMost) -> remover.prune(before, atMost);
    }
  }

  private static void refuse(boolean isRefused, Kind kind, String subject) {
    if (isRefused) {
      throw new ConflictException(kind, subject);
    }
  }

  // ---- namespaces and workflows ----

  private void create(NamespaceRecord namespace) {
    String name = namespace.name();
    refuse(tables.namespaces.has(name), Kind.EXISTS, "namespace '" + name + "'");
    tables.namespaces.put(name, namespace);
  }

  private void requireNamespace(String name) {
    refuse(!tables.namespaces.has(name), Kind.ABSENT, "namespace '" + name + "'");
  }

  private void create(WorkflowRecord workflow) {
    requireNamespace(workflow.namespace());
    boolean isTaken =
        tables.workflows.has(workflow.uid())
            || tables.workflow(workflow.namespace(), workflow.id()).isPresent();
    refuse(isTaken, Kind.EXISTS, "workflow '" + workflow.id() + "'");
    put(workflow);
  }

  private void put(WorkflowRecord workflow) {
    tables.workflows.put(workflow.uid(), workflow);
    tables.sources.put(
        Tables.key(workflow.uid(), workflow.revision()),
        new Tables.SourceRow(workflow.uid(), workflow.revision(), workflow.source()));
  }

  private void update(WorkflowRecord workflow, int from) {
    String subject = "workflow '" + workflow.id() + "'";
    Optional<WorkflowRecord> present = tables.workflows.get(workflow.uid());
    refuse(present.isEmpty(), Kind.ABSENT, subject);
    refuse(present.get().revision() != from, Kind.CHANGED, subject);
    boolean isTaken =
        tables
            .workflow(workflow.namespace(), workflow.id())
            .filter(other -> !other.uid().equals(workflow.uid()))
            .isPresent();
    refuse(isTaken, Kind.EXISTS, subject);
    put(workflow);
    tables.sources.removeIf(source ->
        source.workflow().equals(workflow.uid())
            && source.revision() < workflow.revision()
            && !isNeeded(source));
  }

  private boolean isNeeded(Tables.SourceRow source) {
    return !tables
        .instances
        .where(instance ->
            instance.workflow().equals(source.workflow())
                && instance.revision() == source.revision())
        .isEmpty();
  }

  // ---- instances ----

  private void create(Instance instance, Optional<String> startKey) {
    requireNamespace(instance.id().namespace());
    refuse(
        !tables.workflows.has(instance.workflow()),
        Kind.ABSENT,
        "workflow '" + instance.id().workflow() + "'");
    if (startKey.isPresent()) {
      String key = Tables.key(instance.id().namespace(), startKey.get());
      refuse(tables.starts.has(key), Kind.EXISTS, "an instance started by " + startKey.get());
      tables.starts.put(key, new Tables.StartRow(instance.id().namespace(), instance.id()));
    }
    String id = instance.id().toString();
    refuse(tables.instances.has(id), Kind.EXISTS, "instance '" + id + "'");
    tables.instances.put(id, row(tables.next("instance"), instance));
  }

  private void save(Instance instance) {
    String id = instance.id().toString();
    Optional<Tables.InstanceRow> present = tables.instances.get(id);
    refuse(present.isEmpty(), Kind.ABSENT, "instance '" + id + "'");
    boolean isChanged = present.get().sequence() != instance.sequence() - 1;
    refuse(isChanged, Kind.CHANGED, "instance '" + id + "'");
    tables.instances.put(id, row(present.get().order(), instance));
  }

  private static Tables.InstanceRow row(long order, Instance instance) {
    return new Tables.InstanceRow(
        order,
        new InstanceSummary(
            instance.id(),
            instance.status(),
            instance.beganAt(),
            instance.ending().map(Instance.Ending::at),
            InstanceCodec.word(instance.invoker()),
            instance.ending().flatMap(Instance.Ending::error).map(error -> error.code())),
        instance.workflow(),
        instance.revision(),
        instance.sequence(),
        instance.ending().isEmpty() && instance.activity() instanceof Activity.Ready,
        InstanceCodec.encode(instance));
  }

  private void append(Change.AppendHistory append) {
    String id = append.instance().toString();
    boolean isEmpty = append.visits().isEmpty() && append.logs().isEmpty();
    if (isEmpty || !tables.instances.has(id)) {
      return;
    }
    Optional<Tables.HistoryRow> present = tables.history.get(id);
    List<Visit> visits = new ArrayList<>(present.map(Tables.HistoryRow::visits).orElse(List.of()));
    List<LogLine> logs = new ArrayList<>(present.map(Tables.HistoryRow::logs).orElse(List.of()));
    visits.addAll(append.visits());
    logs.addAll(append.logs());
    tables.history.put(id, new Tables.HistoryRow(List.copyOf(visits), List.copyOf(logs)));
  }

  // ---- what waits ----

  private void require(String action) {
    boolean isWanted =
        tables
            .actions
            .get(action)
            .filter(row -> row.record().kind() != ActionRecord.Kind.CANCEL)
            .isPresent();
    refuse(!isWanted, Kind.ABSENT, "action '" + action + "'");
  }

  private void put(ListenerRecord listener) {
    tables.listeners.put(
        listener.id(), listener.order() == 0 ? listener.at(tables.next("order")) : listener);
  }

  private void put(EventRecord event) {
    requireNamespace(event.namespace());
    String id = event.event().id();
    boolean isKnown = tables.event(event.namespace(), event.event().source(), id).isPresent();
    refuse(isKnown, Kind.EXISTS, "event '" + id + "'");
    long order = event.order() == 0 ? tables.next("order") : event.order();
    tables.events.put(
        order,
        new EventRecord(
            event.namespace(),
            order,
            event.receivedAt(),
            event.event(),
            event.isDelivered(),
            event.caused()));
  }

  private void finish(Change.FinishEvent finish) {
    tables
        .events
        .get(finish.order())
        .filter(event -> event.namespace().equals(finish.namespace()))
        .ifPresent(event ->
            tables.events.put(
                event.order(),
                new EventRecord(
                    event.namespace(),
                    event.order(),
                    event.receivedAt(),
                    event.event(),
                    true,
                    finish.caused())));
  }

  // ---- holdings ----

  private void put(VariableRecord variable) {
    requireNamespace(variable.owner().namespace());
    String key = Tables.key(variable.owner(), variable.key());
    Instant createdAt =
        tables.variables.get(key).map(VariableRecord::createdAt).orElse(variable.createdAt());
    tables.variables.put(
        key,
        new VariableRecord(
            variable.owner(),
            variable.key(),
            variable.value(),
            variable.mimeType(),
            createdAt,
            variable.updatedAt()));
  }

  private void put(SecretRecord secret, boolean replace) {
    requireNamespace(secret.namespace());
    String key = Tables.key(secret.namespace(), secret.name());
    Optional<SecretRecord> present = tables.secrets.get(key);
    refuse(present.isPresent() && !replace, Kind.EXISTS, "secret '" + secret.name() + "'");
    Instant createdAt = present.map(SecretRecord::createdAt).orElse(secret.createdAt());
    tables.secrets.put(
        key, new SecretRecord(secret.namespace(), secret.name(), secret.sealed(), createdAt));
  }

  private void put(RegistryRecord registry, boolean replace) {
    requireNamespace(registry.namespace());
    String key = Tables.key(registry.namespace(), registry.url());
    Optional<RegistryRecord> present = tables.registries.get(key);
    refuse(present.isPresent() && !replace, Kind.EXISTS, "registry '" + registry.url() + "'");
    Instant createdAt = present.map(RegistryRecord::createdAt).orElse(registry.createdAt());
    tables.registries.put(
        key,
        new RegistryRecord(registry.namespace(), registry.url(), registry.sealed(), createdAt));
  }

  private void put(IdempotencyRecord record) {
    String key = Tables.key(record.namespace(), record.key());
    refuse(tables.idempotency.has(key), Kind.EXISTS, "idempotency key '" + record.key() + "'");
    tables.idempotency.put(key, record);
  }

  private void create(TokenRecord token) {
    refuse(tables.tokens.has(token.name()), Kind.EXISTS, "token '" + token.name() + "'");
    tables.tokens.put(token.name(), token);
  }
}
