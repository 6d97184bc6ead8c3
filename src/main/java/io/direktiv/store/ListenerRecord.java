package io.direktiv.store;

import io.direktiv.engine.ListenerId;
import io.direktiv.json.Json;
import io.direktiv.model.EventFilter;
import io.direktiv.model.IsoDuration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something that waits for events in a namespace.
///
/// @param id `ListenerId` of an instance, or the uid of a workflow
/// @param order events up to this one are not for it; the store sets it when it is 0
/// @param isAll true when all filters must be met before it acts
/// @param lifespan how long an incomplete set of a workflow is kept
/// @param correlate attributes that events of one set share
/// @param sets the incomplete sets of a workflow that waits for all, see `events`
public record ListenerRecord(
    String id,
    String namespace,
    Owner owner,
    long order,
    Instant createdAt,
    List<EventFilter> filters,
    boolean isAll,
    Optional<IsoDuration> lifespan,
    List<String> correlate,
    Json sets) {
  public ListenerRecord {
    filters = List.copyOf(filters);
    correlate = List.copyOf(correlate);
  }

  /// This listener with another order.
  public ListenerRecord at(long order) {
    return new ListenerRecord(
        id, namespace, owner, order, createdAt, filters, isAll, lifespan, correlate, sets);
  }

  /// This listener with other sets.
  public ListenerRecord with(Json sets) {
    return new ListenerRecord(
        id, namespace, owner, order, createdAt, filters, isAll, lifespan, correlate, sets);
  }

  /// Who waits.
  public sealed interface Owner {
    /// An instance, in a state.
    record OfInstance(ListenerId listener) implements Owner {}

    /// A workflow, to start instances.
    record OfWorkflow(String uid) implements Owner {}
  }
}
