package io.direktiv.store.memory;

import io.direktiv.engine.InstanceId;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.ConflictException;
import io.direktiv.store.ConflictException.Kind;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord.Owner;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.WorkflowRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// Deletes things with everything that belongs to them.
final class Remover {
  private final Tables tables;

  Remover(Tables tables) {
    this.tables = tables;
  }

  void namespace(String name) {
    if (!tables.namespaces.remove(name)) {
      throw new ConflictException(Kind.ABSENT, "namespace '" + name + "'");
    }
    instances(row -> row.summary().id().namespace().equals(name));
    tables.workflows.where(w -> w.namespace().equals(name)).forEach(this::remove);
    tables.listeners.removeIf(row -> row.namespace().equals(name));
    tables.events.removeIf(row -> row.namespace().equals(name));
    tables.variables.removeIf(row -> row.owner().namespace().equals(name));
    tables.secrets.removeIf(row -> row.namespace().equals(name));
    tables.registries.removeIf(row -> row.namespace().equals(name));
    tables.idempotency.removeIf(row -> row.namespace().equals(name));
    tables.starts.removeIf(row -> row.namespace().equals(name));
    tables.tokens.removeIf(row -> row.namespace().map(name::equals).orElse(false));
  }

  void workflow(String uid) {
    WorkflowRecord workflow =
        tables
            .workflows
            .get(uid)
            .orElseThrow(() -> new ConflictException(Kind.ABSENT, "workflow '" + uid + "'"));
    instances(row -> row.workflow().equals(uid));
    remove(workflow);
  }

  private void remove(WorkflowRecord workflow) {
    String uid = workflow.uid();
    tables.workflows.remove(uid);
    tables.sources.removeIf(row -> row.workflow().equals(uid));
    tables.listeners.remove(uid);
    VariableOwner owner = new VariableOwner.OfWorkflow(workflow.namespace(), uid);
    tables.variables.removeIf(row -> row.owner().equals(owner));
  }

  private void instances(Predicate<Tables.InstanceRow> isGone) {
    tables.instances.where(isGone).forEach(row -> instance(row.summary().id()));
  }

  private void instance(InstanceId id) {
    tables.instances.remove(id.toString());
    tables.history.remove(id.toString());
    tables.starts.removeIf(row -> row.instance().equals(id));
    tables.actions.removeIf(row -> row.record().id().instance().equals(id));
    tables.timers.removeIf(row -> row.timer().instance().equals(id));
    tables.listeners.removeIf(
        row -> row.owner() instanceof Owner.OfInstance(var of) && of.instance().equals(id));
    VariableOwner owner = new VariableOwner.OfInstance(id);
    tables.variables.removeIf(row -> row.owner().equals(owner));
  }

  /// The awaited actions of an instance.
  void actions(InstanceId instance) {
    tables.actions.removeIf(row ->
        row.record().id().instance().equals(instance)
            && !row.record().isAsync()
            && row.record().kind() != ActionRecord.Kind.CANCEL);
  }

  void token(String name) {
    if (!tables.tokens.remove(name)) {
      throw new ConflictException(Kind.ABSENT, "token '" + name + "'");
    }
  }

  /// How much [#prune] would delete: the most there is of one kind.
  static int prunable(Tables tables, Instant before, int atMost) {
    int events = tables.events.where(row -> isOld(row, before)).size();
    int keys = tables.idempotency.where(row -> row.at().isBefore(before)).size();
    int instances = tables.instances.where(row -> isOld(row, before)).size();
    return Math.min(atMost, Math.max(instances, Math.max(events, keys)));
  }

  private static boolean isOld(EventRecord event, Instant before) {
    return event.isDelivered() && event.receivedAt().isBefore(before);
  }

  private static boolean isOld(Tables.InstanceRow row, Instant before) {
    return row.summary().endedAt().map(at -> at.isBefore(before)).orElse(false);
  }

  void prune(Instant before, int atMost) {
    tables.instances.where(row -> isOld(row, before)).stream()
        .sorted(Comparator.comparing(row -> row.summary().endedAt().orElseThrow()))
        .limit(atMost)
        .forEach(row -> instance(row.summary().id()));
    List<EventRecord> events = tables.events.where(row -> isOld(row, before));
    events.stream().limit(atMost).forEach(event -> tables.events.remove(event.order()));
    tables.idempotency.where(row -> row.at().isBefore(before)).stream()
        .limit(atMost)
        .forEach(row -> tables.idempotency.remove(Tables.key(row.namespace(), row.key())));
  }
}
