package io.direktiv.store;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Status;
import java.time.Instant;
import java.util.Optional;

/// An instance in a list.
public record InstanceSummary(
    InstanceId id,
    Status status,
    Instant beganAt,
    Optional<Instant> endedAt,
    String invoker,
    Optional<String> errorCode) {}
