package io.direktiv.store.memory;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Visit;
import io.direktiv.json.JsonObject;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.EventRecord;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import io.direktiv.store.Waits;
import io.direktiv.store.WorkflowRecord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// Everything that the store holds. Guarded by the monitor of this object.
final class Tables {
  /// A stored instance: what lists show, and its encoded record.
  ///
  /// @param order instances that were begun earlier have a lower one
  record InstanceRow(
      long order,
      InstanceSummary summary,
      String workflow,
      int revision,
      long sequence,
      boolean isReady,
      JsonObject record) {}

  /// A source text of a workflow.
  record SourceRow(String workflow, int revision, String text) {}

  /// What was passed and said in an instance.
  record HistoryRow(List<Visit> visits, List<LogLine> logs) {}

  /// An action, with its outcome once it has answered as one of several.
  record ActionRow(ActionRecord record, Optional<Outcome> outcome) {}

  /// A start that must happen once.
  record StartRow(String namespace, InstanceId instance) {}

  final ArrayDeque<Runnable> undo = new ArrayDeque<>();
  final Table<String, NamespaceRecord> namespaces = new Table<>(undo);
  final Table<String, WorkflowRecord> workflows = new Table<>(undo);
  final Table<String, SourceRow> sources = new Table<>(undo);
  final Table<String, InstanceRow> instances = new Table<>(undo);
  final Table<String, StartRow> starts = new Table<>(undo);
  final Table<String, HistoryRow> history = new Table<>(undo);
  final Table<String, ActionRow> actions = new Table<>(undo);
  final Table<String, Waits.DueTimer> timers = new Table<>(undo);
  final Table<String, ListenerRecord> listeners = new Table<>(undo);
  final Table<Long, EventRecord> events = new Table<>(undo);
  final Table<String, VariableRecord> variables = new Table<>(undo);
  final Table<String, SecretRecord> secrets = new Table<>(undo);
  final Table<String, RegistryRecord> registries = new Table<>(undo);
  final Table<String, IdempotencyRecord> idempotency = new Table<>(undo);
  final Table<String, TokenRecord> tokens = new Table<>(undo);
  final Table<String, Long> counters = new Table<>(undo);

  /// A key of several parts; the parts of keys never hold a zero character.
  static String key(Object... parts) {
    StringBuilder key = new StringBuilder();
    for (Object part : parts) {
      key.append(part).append('\0');
    }
    return key.toString();
  }

  static String key(VariableOwner owner, String name) {
    return switch (owner) {
      case VariableOwner.OfNamespace(String namespace) -> key("namespace", namespace, name);
      case VariableOwner.OfWorkflow(String _, String uid) -> key("workflow", uid, name);
      case VariableOwner.OfInstance(InstanceId instance) -> key("instance", instance, name);
    };
  }

  Optional<WorkflowRecord> workflow(String namespace, String id) {
    return workflows
        .where(workflow -> workflow.namespace().equals(namespace) && workflow.id().equals(id))
        .stream()
        .findFirst();
  }

  Optional<EventRecord> event(String namespace, String source, String id) {
    return events
        .where(event ->
            event.namespace().equals(namespace)
                && event.event().source().equals(source)
                && event.event().id().equals(id))
        .stream()
        .findFirst();
  }

  /// The next number of a counter, from 1.
  long next(String counter) {
    long value = counters.get(counter).orElse(0L) + 1;
    counters.put(counter, value);
    return value;
  }
}
