package io.direktiv.api;

import io.direktiv.api.Api.WorkflowUpdate;
import io.direktiv.execution.Execution;
import io.direktiv.execution.WorkflowListeners;
import io.direktiv.model.InvalidWorkflowException;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.Store;
import io.direktiv.store.WorkflowRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Creates, replaces and deletes workflows (reference 1.5, column "ours").
final class Workflows {
  private final Store store;
  private final Execution execution;
  private final Clock clock;
  private final Supplier<UUID> ids;

  Workflows(Store store, Execution execution, Clock clock, Supplier<UUID> ids) {
    this.store = store;
    this.execution = execution;
    this.clock = clock;
    this.ids = ids;
  }

  WorkflowRecord create(String namespace, String source, boolean isActive, String logToEvents) {
    Workflow definition = read(source);
    requireNamespace(namespace);
    Instant now = clock.instant();
    WorkflowRecord created =
        new WorkflowRecord(
            ids.get().toString(),
            namespace,
            definition.id(),
            0,
            isActive,
            now,
            now,
            definition.description().orElse(""),
            logToEvents,
            source);
    Change listener = WorkflowListeners.change(created, definition, now);
    Refusals.await(store.commit(List.of(new Change.CreateWorkflow(created), listener)));
    execution.workflowChanged(created.uid());
    return created;
  }

  WorkflowRecord update(String uid, WorkflowUpdate update) {
    Optional<Workflow> definition = update.source().map(Workflows::read);
    for (int attempt = 1; ; attempt++) {
      WorkflowRecord current = byUid(uid);
      if (update.revision().isPresent() && update.revision().get() != current.revision()) {
        throw Refusals.changed(current.id());
      }
      WorkflowRecord next = next(current, update, definition);
      if (isSaved(next, current.revision(), listener(next, definition))) {
        execution.workflowChanged(uid);
        return next;
      }
      if (update.revision().isPresent() || attempt == Limits.UPDATE_ATTEMPTS_MAX) {
        throw Refusals.changed(current.id());
      }
    }
  }

  WorkflowRecord delete(String uid) {
    WorkflowRecord current = byUid(uid);
    Refusals.await(store.commit(List.of(new Change.DeleteWorkflow(uid))));
    execution.forget(current.namespace(), Optional.of(uid));
    return current;
  }

  WorkflowRecord byUid(String uid) {
    if (!isUid(uid)) {
      throw Refusals.invalid("workflow uid must be a UUID, but it is '" + uid + "'");
    }
    return store.definitions().workflow(uid).orElseThrow(() -> Refusals.absent("workflow", uid));
  }

  private WorkflowRecord next(
      WorkflowRecord current, WorkflowUpdate update, Optional<Workflow> definition) {
    return new WorkflowRecord(
        current.uid(),
        current.namespace(),
        definition.map(Workflow::id).orElse(current.id()),
        current.revision() + 1,
        update.isActive().orElse(current.isActive()),
        current.createdAt(),
        clock.instant(),
        definition.map(d -> d.description().orElse("")).orElse(current.description()),
        update.logToEvents().orElse(current.logToEvents()),
        update.source().orElse(current.source()));
  }

  /// An inactive workflow needs no definition, so one that this version cannot read can be
  /// disabled.
  private static Change listener(WorkflowRecord next, Optional<Workflow> definition) {
    return next.isActive()
        ? WorkflowListeners.change(
            next, definition.orElseGet(() -> read(next.source())), next.updatedAt())
        : new Change.DeleteListener(next.uid());
  }

  /// False when somebody else was faster.
  private boolean isSaved(WorkflowRecord next, int from, Change listener) {
    try {
      store.commit(List.of(new Change.UpdateWorkflow(next, from), listener)).join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof ConflictException conflict
          && conflict.kind() == ConflictException.Kind.CHANGED) {
        return false;
      }
      throw Refusals.of(e.getCause());
    }
  }

  private void requireNamespace(String namespace) {
    if (store.definitions().namespace(namespace).isEmpty()) {
      throw Refusals.absent("namespace", namespace);
    }
  }

  private static Workflow read(String source) {
    int bytes = source.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > io.direktiv.model.Limits.WORKFLOW_BYTES_MAX) {
      throw Refusals.tooLarge(
          "workflow definition", bytes, io.direktiv.model.Limits.WORKFLOW_BYTES_MAX);
    }
    Workflow definition;
    try {
      definition = WorkflowReader.read(source).orThrow();
    } catch (InvalidWorkflowException e) {
      ApiException refusal = Refusals.invalid("bad workflow definition: " + e.getMessage());
      refusal.initCause(e);
      throw refusal;
    }
    requireDescription(definition.description().orElse(""));
    return definition;
  }

  private static void requireDescription(String description) {
    int max = io.direktiv.model.Limits.DESCRIPTION_BYTES_MAX;
    if (description.getBytes(StandardCharsets.UTF_8).length > max) {
      throw Refusals.invalid("description is greater than max length of " + max + " bytes");
    }
  }

  private static boolean isUid(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
