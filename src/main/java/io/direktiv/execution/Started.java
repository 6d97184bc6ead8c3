package io.direktiv.execution;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// An instance that was started.
///
/// @param isRepeated true when an `Idempotency-Key` led to an earlier start
/// @param end completes with its record when it has ended
public record Started(
    InstanceId id, boolean isRepeated, CompletableFuture<Optional<Instance>> end) {}
