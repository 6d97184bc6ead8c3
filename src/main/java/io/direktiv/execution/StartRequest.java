package io.direktiv.execution;

import io.direktiv.json.Json;
import java.util.Optional;

/// A start by a client.
///
/// @param workflow id of the workflow
/// @param input what the client sent
/// @param isManual true starts scheduled and event workflows by hand as well
/// @param idempotency makes repeated requests one start
public record StartRequest(
    String namespace,
    String workflow,
    Json input,
    boolean isManual,
    Optional<Idempotency> idempotency) {
  /// A key that the client chose, and the hash of what it asked.
  public record Idempotency(String key, byte[] bodyHash) {}
}
