package io.direktiv.store;

import io.direktiv.engine.InstanceId;
import java.time.Instant;

/// The answer to a start that carried an `Idempotency-Key`.
///
/// @param bodyHash SHA-256 of what was asked
public record IdempotencyRecord(
    String namespace, String key, byte[] bodyHash, InstanceId instance, Instant at) {}
