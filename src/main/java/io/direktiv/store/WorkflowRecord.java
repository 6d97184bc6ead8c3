package io.direktiv.store;

import java.time.Instant;

/// The current revision of a workflow.
///
/// @param uid names it for ever, also when its id changes
/// @param revision 0 when created, one more after each update
/// @param isActive false refuses to start instances
/// @param logToEvents when not empty, log values are published as events
/// @param source the author's text
public record WorkflowRecord(
    String uid,
    String namespace,
    String id,
    int revision,
    boolean isActive,
    Instant createdAt,
    Instant updatedAt,
    String description,
    String logToEvents,
    String source) {}
