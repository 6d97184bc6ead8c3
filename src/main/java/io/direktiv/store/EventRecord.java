package io.direktiv.store;

import io.direktiv.model.CloudEvent;
import java.time.Instant;
import java.util.List;

/// An event that arrived.
///
/// @param order its place among all events of the server; the store sets it when it is 0
/// @param isDelivered false until all that wait for it were woken
/// @param caused ids of the instances that it started or woke
public record EventRecord(
    String namespace,
    long order,
    Instant receivedAt,
    CloudEvent event,
    boolean isDelivered,
    List<String> caused) {
  public EventRecord {
    caused = List.copyOf(caused);
  }
}
