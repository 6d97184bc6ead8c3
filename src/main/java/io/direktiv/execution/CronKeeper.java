package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.WORKFLOW;

import io.direktiv.engine.Invoker;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Cron;
import io.direktiv.model.Start;
import io.direktiv.model.Workflow;
import io.direktiv.schedule.CronWaker;
import io.direktiv.store.ConflictException;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Arms the crons of workflows and starts instances when they are due.
final class CronKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(CronKeeper.class);
  private static final int BATCH = 1_000;

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Starter starter;
  private final Workers workers;
  private final PatientWriter writer;
  private final CronWaker crons;

  CronKeeper(Collaborators with, DefinitionCache definitions, Starter starter, Workers workers) {
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

  /// Arms or disarms one workflow.
  void arm(WorkflowRecord record, Workflow definition) {
    if (definition.start() instanceof Start.Scheduled(var _, Optional<String> cron)
        && cron.isPresent()) {
      crons.arm(record.uid(), Cron.parse(cron.get()));
    } else {
      crons.disarm(record.uid());
    }
  }

  /// Disarms a workflow.
  void disarm(String uid) {
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
      LOG.warn("crons could not be read, trying again: {}", e.getMessage());
      writer.later(this::armAll);
    }
  }

  private void armAll(String namespace) {
    int seen = 0;
    List<WorkflowRecord> batch;
    do {
      batch = with.store().definitions().workflows(namespace, new Page(seen, BATCH)).items();
      batch.stream().filter(CronKeeper::mayHaveCron).forEach(this::arm);
      seen += batch.size();
    } while (batch.size() == BATCH);
  }

  /// Reading a definition costs far more than looking for a word that every cron needs.
  private static boolean mayHaveCron(WorkflowRecord record) {
    return record.isActive() && record.source().contains("cron");
  }

  private void arm(WorkflowRecord record) {
    try {
      definitions
          .revision(record.uid(), record.revision())
          .ifPresent(definition -> arm(record, definition));
    } catch (IllegalStateException e) {
      LOG.atError().addKeyValue(WORKFLOW, record.id()).setCause(e).log("cron cannot be armed");
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
