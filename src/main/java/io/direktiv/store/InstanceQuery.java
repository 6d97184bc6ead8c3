package io.direktiv.store;

import io.direktiv.engine.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which instances to list.
///
/// @param namespace their namespace
/// @param workflow id of their workflow
/// @param statuses any of these; empty for all
/// @param beganFrom begun at this time or later
/// @param beganBefore begun before this time
public record InstanceQuery(
    String namespace,
    Optional<String> workflow,
    Set<Status> statuses,
    Optional<Instant> beganFrom,
    Optional<Instant> beganBefore) {
  public InstanceQuery {
    statuses = Set.copyOf(statuses);
  }

  /// All instances of a namespace.
  public static InstanceQuery of(String namespace) {
    return new InstanceQuery(
        namespace, Optional.empty(), Set.of(), Optional.empty(), Optional.empty());
  }
}
