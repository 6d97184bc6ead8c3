package io.direktiv.execution;

import io.direktiv.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  public record Idempotency(String key, byte[] bodyHash) {
    /// The key `key` on a start of `workflow` with `body`, as it was sent.
    public static Idempotency of(String key, String workflow, byte[] body) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(workflow.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return new Idempotency(key, digest.digest(body));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
