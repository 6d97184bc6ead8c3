package io.direktiv.execution;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Wake;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.model.Action;
import io.direktiv.model.State;
import io.direktiv.model.Workflow;
import io.direktiv.store.ActionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes up what is to be done and nobody is doing: after a start everything that an earlier server
/// left unfinished, later (about once a minute) whatever was missed.
///
/// What merely waits (timers, listeners) stays in the store; only what must be done is read, page
/// by page, and the next page only when this server has room for it.
final class InstanceRescuer {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceRescuer.class);
  private static final Duration BUSY_DELAY = Duration.ofMillis(50);

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Runner runner;
  private final Performer performer;
  private final EventDelivery delivery;
  private final Workers workers;
  private Instant began = Instant.MIN;
  private int rescued;
  private volatile boolean isStopped;

  InstanceRescuer(
      Collaborators with,
      DefinitionCache definitions,
      Runner runner,
      Performer performer,
      EventDelivery delivery,
      Workers workers) {
    this.with = with;
    this.definitions = definitions;
    this.runner = runner;
    this.performer = performer;
    this.delivery = delivery;
    this.workers = workers;
  }

  void start() {
    workers.follow(this::pass);
  }

  void stop() {
    isStopped = true;
  }

  /// Goes through the store once, then sets the next pass.
  private void pass() {
    began = with.clock().instant();
    rescued = 0;
    step(() -> {
      delivery.recover();
      ready(Optional.empty());
    });
  }

  private void ready(Optional<InstanceId> after) {
    step(() -> {
      List<InstanceId> page = with.store().instances().ready(after, Limits.RESCUE_BATCH);
      page.stream()
          .filter(id -> !runner.isBusy(id))
          .forEach(id -> {
            rescued++;
            runner.wake(id, new Wake.Continued(with.clock().instant()));
          });
      if (page.size() < Limits.RESCUE_BATCH) {
        actions(Optional.empty());
      } else {
        ready(Optional.of(page.getLast()));
      }
    });
  }

  private void actions(Optional<ActionId> after) {
    step(() -> {
      List<ActionRecord> page = with.store().waits().actions(after, Limits.RESCUE_BATCH);
      page.stream().filter(record -> !performer.isRunning(record.id())).forEach(this::rescue);
      if (page.size() < Limits.RESCUE_BATCH) {
        end();
      } else {
        actions(Optional.of(page.getLast().id()));
      }
    });
  }

  private void step(Runnable task) {
    if (isStopped) {
      return;
    }
    boolean isFull =
        runner.busy() > Limits.BUSY_INSTANCES_MAX
            || performer.running() > Limits.RECOVERED_ACTIONS_MAX;
    if (isFull) {
      after(BUSY_DELAY, () -> step(task));
      return;
    }
    workers.follow(() -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("recovery was interrupted and begins again: {}", e.getMessage());
        after(Limits.RETRY_DELAY, this::pass);
      }
    });
  }

  private void end() {
    if (rescued > 0) {
      LOG.info("took up {} actions and instances that nobody was working on", rescued);
    }
    Duration took = Duration.between(began, with.clock().instant()).multipliedBy(10);
    after(took.compareTo(Limits.RESCUE_PERIOD) > 0 ? took : Limits.RESCUE_PERIOD, this::pass);
  }

  private void after(Duration delay, Runnable task) {
    workers.ringAt(with.clock().instant().plus(delay), () -> workers.follow(task));
  }

  /// Takes up the actions of a namespace whose child was deleted, so that nobody waits for it.
  void orphaned(String namespace) {
    Optional<ActionId> after = Optional.empty();
    List<ActionRecord> page;
    do {
      page = with.store().waits().actions(after, Limits.RESCUE_BATCH);
      page.stream()
          .filter(record -> record.kind() == ActionRecord.Kind.SUBFLOW)
          .filter(record -> record.id().instance().namespace().equals(namespace))
          .filter(record -> !performer.isRunning(record.id()))
          .forEach(this::rescue);
      after = page.isEmpty() ? after : Optional.of(page.getLast().id());
    } while (page.size() == Limits.RESCUE_BATCH);
  }

  private void rescue(ActionRecord record) {
    switch (record.kind()) {
      case CANCEL -> performer.cancel(record.id());
      case SUBFLOW -> {
        if (!performer.children().rejoin(record.id())) {
          perform(record);
        }
      }
      case FUNCTION -> perform(record);
    }
  }

  /// Performs an action that still stands in the store: it may have ended since the page was read.
  private void perform(ActionRecord record) {
    if (with.store().waits().action(record.id()).isEmpty()) {
      return;
    }
    call(record)
        .ifPresent(call -> {
          rescued++;
          performer.perform(call);
        });
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

  /// The topmost caller; the instance itself when it is gone already.
  private InstanceId root(ActionRecord record) {
    InstanceId caller = record.id().instance();
    return with.store()
        .instances()
        .load(caller)
        .map(instance -> instance.invoker().root(caller))
        .orElse(caller);
  }

  private Optional<ActionCall> asyncCall(ActionRecord record, Workflow definition) {
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
            record.depth(),
            root(record)));
  }
}
