package io.direktiv.store;

import java.time.Instant;

/// A variable.
public record VariableRecord(
    VariableOwner owner,
    String key,
    byte[] value,
    String mimeType,
    Instant createdAt,
    Instant updatedAt) {}
