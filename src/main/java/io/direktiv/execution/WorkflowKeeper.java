package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.WORKFLOW;

import io.direktiv.engine.Invoker;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Cron;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.Start;
import io.direktiv.model.Workflow;
import io.direktiv.schedule.CronWaker;
import io.direktiv.store.ConflictException;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What workflows want without being started: arms their crons, starts instances when they are due,
/// and tells functions what is to be kept ready.
final class WorkflowKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowKeeper.class);
  private static final int BATCH = 1_000;

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Starter starter;
  private final Workers workers;
  private final PatientWriter writer;
  private final CronWaker crons;
  private final Map<String, Name> keeping = new ConcurrentHashMap<>();

  /// A workflow of which something is kept ready.
  private record Name(String namespace, String workflow) {}

  WorkflowKeeper(
      Collaborators with, DefinitionCache definitions, Starter starter, Workers workers) {
    this.with = with;
    this.definitions = definitions;
    this.starter = starter;
    this.workers = workers;
    this.writer = new PatientWriter(with.store(), with.clock(), workers);
    this.crons = new CronWaker(with.clock(), ZoneId.systemDefault(), workers, this::due);
  }

  /// Arms all active workflows, in the background: the server need not wait for it.
  void start() {
    crons.start();
    workers.follow(this::armAll);
  }

  void stop() {
    crons.stop();
  }

  /// Arms or disarms a workflow as the store has it now: the look at the store and what follows
  /// from it are one, so that a change and the look at all workflows do not overtake each other.
  synchronized void changed(String uid) {
    with.store()
        .definitions()
        .workflow(uid)
        .filter(WorkflowRecord::isActive)
        .ifPresentOrElse(
            record ->
                definitions
                    .revision(uid, record.revision())
                    .ifPresent(definition -> arm(record, definition)),
            () -> disarm(uid));
  }

  private void arm(WorkflowRecord record, Workflow definition) {
    announce(record, definition.functions().values());
    if (definition.start() instanceof Start.Scheduled(var _, Optional<String> cron)
        && cron.isPresent()) {
      crons.arm(record.uid(), Cron.parse(cron.get()));
    } else {
      crons.disarm(record.uid());
    }
  }

  private void announce(WorkflowRecord record, Collection<FunctionDefinition> functions) {
    boolean wantsSome = functions.stream().anyMatch(function -> function.scale() > 0);
    Name now = new Name(record.namespace(), record.id());
    Name before = wantsSome ? keeping.put(record.uid(), now) : keeping.remove(record.uid());
    if (before != null && !before.equals(now)) {
      release(before);
    }
    with.functions().announce(now.namespace(), now.workflow(), functions);
  }

  private void release(Name name) {
    with.functions().announce(name.namespace(), name.workflow(), List.of());
  }

  /// Nothing of a namespace that was deleted is kept ready.
  synchronized void forget(String namespace) {
    keeping
        .values()
        .removeIf(name -> {
          boolean isIts = name.namespace().equals(namespace);
          if (isIts) {
            release(name);
          }
          return isIts;
        });
  }

  /// Disarms a workflow.
  synchronized void disarm(String uid) {
    Name name = keeping.remove(uid);
    if (name != null) {
      release(name);
    }
    crons.disarm(uid);
  }

  private void armAll() {
    try {
      int seen = 0;
      List<NamespaceRecord> batch;
      do {
        batch = with.store().definitions().namespaces(new Page(seen, BATCH)).items();
        batch.forEach(namespace -> armAll(namespace.name()));
        seen += batch.size();
      } while (batch.size() == BATCH);
    } catch (RuntimeException e) {
      LOG.warn("workflows could not be read, trying again: {}", e.getMessage());
      writer.later(this::armAll);
    }
  }

  private void armAll(String namespace) {
    int seen = 0;
    List<WorkflowRecord> batch;
    do {
      batch = with.store().definitions().workflows(namespace, new Page(seen, BATCH)).items();
      batch.stream().filter(WorkflowKeeper::mayWant).forEach(this::arm);
      seen += batch.size();
    } while (batch.size() == BATCH);
  }

  /// Reading a definition costs far more than looking for words that every such wish needs.
  private static boolean mayWant(WorkflowRecord record) {
    return record.isActive()
        && (record.source().contains("cron") || record.source().contains("scale"));
  }

  private void arm(WorkflowRecord record) {
    try {
      changed(record.uid());
    } catch (IllegalStateException e) {
      LOG.atError()
          .addKeyValue(WORKFLOW, record.id())
          .setCause(e)
          .log("what it wants by itself is not done");
    }
  }

  private void due(String uid, Instant due) {
    workers.follow(() -> start(uid, due));
  }

  private void start(String uid, Instant due) {
    try {
      with.store()
          .definitions()
          .workflow(uid)
          .filter(WorkflowRecord::isActive)
          .flatMap(record -> definitions.current(record.namespace(), record.id()))
          .ifPresent(workflow -> start(workflow, due));
    } catch (RuntimeException e) {
      LOG.atWarn().log("scheduled start is tried again: {}", e.getMessage());
      writer.later(() -> start(uid, due));
    }
  }

  private void start(DefinitionCache.Current workflow, Instant due) {
    String uid = workflow.record().uid();
    String key = "cron:" + uid + ":" + due.getEpochSecond();
    starter
        .begin(
            new Starter.Beginning(
                workflow,
                new Invoker.Cron(),
                JsonObject.EMPTY,
                Optional.of(key),
                Starter.Extra.NONE))
        .exceptionally(failure -> {
          Throwable cause = PatientWriter.cause(failure);
          if (!(cause instanceof ConflictException)) {
            LOG.atWarn()
                .addKeyValue(WORKFLOW, workflow.record().id())
                .log("scheduled start is tried again: {}", cause.getMessage());
            writer.later(() -> start(uid, due));
          }
          return null;
        });
  }
}
