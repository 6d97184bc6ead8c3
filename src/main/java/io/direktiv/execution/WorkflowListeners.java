package io.direktiv.execution;

import io.direktiv.json.JsonArray;
import io.direktiv.model.EventFilter;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.Start;
import io.direktiv.model.Workflow;
import io.direktiv.store.Change;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.WorkflowRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The listeners by which events start workflows.
///
/// A listener is written in the commit that writes its workflow: so there is no moment at which one
/// is on disk without the other, and of two updates the later one's listener stays.
public final class WorkflowListeners {
  private WorkflowListeners() {}

  /// The change to write with `record`, whose text reads as `definition`: its listener, or that it
  /// has none.
  public static Change change(WorkflowRecord record, Workflow definition, Instant at) {
    if (!record.isActive()) {
      return new Change.DeleteListener(record.uid());
    }
    return switch (definition.start()) {
      case Start.Default _, Start.Scheduled _ -> new Change.DeleteListener(record.uid());
      case Start.Event(var _, EventFilter event) ->
          put(record, List.of(event), false, Optional.empty(), List.of(), at);
      case Start.EventsXor(var _, List<EventFilter> events) ->
          put(record, events, false, Optional.empty(), List.of(), at);
      case Start.EventsAnd(var _, List<EventFilter> events, var lifespan, var correlate) ->
          put(record, events, true, lifespan, correlate, at);
    };
  }

  private static Change put(
      WorkflowRecord record,
      List<EventFilter> filters,
      boolean isAll,
      Optional<IsoDuration> lifespan,
      List<String> correlate,
      Instant at) {
    return new Change.PutListener(
        new ListenerRecord(
            record.uid(),
            record.namespace(),
            new ListenerRecord.Owner.OfWorkflow(record.uid()),
            0,
            at,
            filters,
            isAll,
            lifespan,
            correlate,
            JsonArray.EMPTY));
  }
}
