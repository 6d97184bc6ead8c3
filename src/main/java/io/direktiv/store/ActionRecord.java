package io.direktiv.store;

import io.direktiv.engine.ActionId;
import io.direktiv.json.Json;
import java.util.Optional;

/// An action that must be performed, also after a crash.
///
/// @param kind what is to be done
/// @param isAsync true when nobody waits for the outcome
/// @param workflow uid of the workflow whose definition holds the action
/// @param revision its revision
/// @param state the state that wants it
/// @param data what the input is computed from, for async actions only: the others find it in their
///   instance's record
/// @param depth how many workflows stand above a started subflow
public record ActionRecord(
    ActionId id,
    Kind kind,
    boolean isAsync,
    String workflow,
    int revision,
    String state,
    Optional<Json> data,
    int depth) {
  /// What is to be done.
  public enum Kind {
    FUNCTION,
    SUBFLOW,
    /// Stop what runs under this id; nothing is to be performed any more.
    CANCEL
  }
}
