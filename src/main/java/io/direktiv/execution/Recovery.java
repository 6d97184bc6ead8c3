package io.direktiv.execution;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Wake;
import io.direktiv.model.Action;
import io.direktiv.model.State;
import io.direktiv.model.Workflow;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.EventRecord;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes up what an earlier server left unfinished. What merely waits (timers, listeners) stays in
/// the store; only what must be done is read.
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int BATCH = 1_000;

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Runner runner;
  private final Performer performer;
  private final EventDelivery delivery;
  private final BiConsumer<WorkflowRecord, Workflow> arm;

  Recovery(
      Collaborators with,
      DefinitionCache definitions,
      Runner runner,
      Performer performer,
      EventDelivery delivery,
      BiConsumer<WorkflowRecord, Workflow> arm) {
    this.with = with;
    this.definitions = definitions;
    this.runner = runner;
    this.performer = performer;
    this.delivery = delivery;
    this.arm = arm;
  }

  void run() {
    int actions = actions();
    int ready = ready();
    List<EventRecord> events = with.store().waits().undelivered(0, Page.LIMIT_MAX);
    events.forEach(delivery::deliver);
    crons();
    if (actions + ready + events.size() > 0) {
      LOG.info(
          "recovered {} actions, {} instances to run on, {} events to deliver",
          actions,
          ready,
          events.size());
    }
  }

  private int actions() {
    Optional<ActionId> after = Optional.empty();
    int count = 0;
    while (true) {
      List<ActionRecord> batch = with.store().waits().actions(after, BATCH);
      batch.forEach(this::recover);
      count += batch.size();
      if (batch.size() < BATCH) {
        return count;
      }
      after = Optional.of(batch.getLast().id());
    }
  }

  private void recover(ActionRecord record) {
    switch (record.kind()) {
      case CANCEL -> performer.cancel(record.id());
      case FUNCTION, SUBFLOW -> call(record).ifPresent(performer::perform);
    }
  }

  private Optional<ActionCall> call(ActionRecord record) {
    Optional<Workflow> definition = definitions.revision(record.workflow(), record.revision());
    if (definition.isEmpty()) {
      return Optional.empty();
    }
    if (record.isAsync()) {
      return asyncCall(record, definition.get());
    }
    Optional<Instance> instance = with.store().instances().load(record.id().instance());
    return instance.flatMap(
        found -> with.engine().pendingCall(definition.get(), found, record.id()));
  }

  private static Optional<ActionCall> asyncCall(ActionRecord record, Workflow definition) {
    if (!(definition.state(record.state()).orElse(null) instanceof State.Act state)
        || record.data().isEmpty()) {
      return Optional.empty();
    }
    Action action = state.action();
    ActionCall.Target target =
        switch (action.target()) {
          case Action.Target.Function(String id) ->
              new ActionCall.Target.Function(definition.functions().get(id));
          case Action.Target.Subflow(String workflow) -> new ActionCall.Target.Subflow(workflow);
        };
    return Optional.of(
        new ActionCall(
            record.id(),
            record.state(),
            target,
            action.input(),
            record.data().get(),
            action.secrets(),
            true,
            record.depth()));
  }

  private int ready() {
    Optional<InstanceId> after = Optional.empty();
    int count = 0;
    while (true) {
      List<InstanceId> batch = with.store().instances().ready(after, BATCH);
      batch.forEach(id -> runner.wake(id, new Wake.Continued(with.clock().instant())));
      count += batch.size();
      if (batch.size() < BATCH) {
        return count;
      }
      after = Optional.of(batch.getLast());
    }
  }

  private void crons() {
    int namespaces = 0;
    List<NamespaceRecord> batch;
    do {
      batch = with.store().definitions().namespaces(new Page(namespaces, BATCH)).items();
      batch.forEach(namespace -> crons(namespace.name()));
      namespaces += batch.size();
    } while (batch.size() == BATCH);
  }

  private void crons(String namespace) {
    int seen = 0;
    List<WorkflowRecord> batch;
    do {
      batch = with.store().definitions().workflows(namespace, new Page(seen, BATCH)).items();
      batch.stream()
          .filter(WorkflowRecord::isActive)
          .forEach(record ->
              definitions
                  .revision(record.uid(), record.revision())
                  .ifPresent(definition -> arm.accept(record, definition)));
      seen += batch.size();
    } while (batch.size() == BATCH);
  }
}
