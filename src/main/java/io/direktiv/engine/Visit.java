package io.direktiv.engine;

import io.direktiv.json.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// One passed visit of a state: history.
///
/// @param step from 1
/// @param attempt from 1
/// @param data the data it left, where it differs from what it was entered with and fits
///   [EngineSettings#historyBytesMax]
/// @param error what it failed with, also when caught
/// @param next the state gone to; absent when it was the last, or when it is entered again
public record Visit(
    int step,
    String state,
    String type,
    int attempt,
    Instant enteredAt,
    Instant leftAt,
    Result result,
    Optional<Json> data,
    Optional<WorkflowError> error,
    Optional<String> next) {
  /// How the visit ended.
  public enum Result {
    PASSED,
    CAUGHT,
    RETRIED,
    FAILED,
    CANCELLED;

    /// The word on every surface.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
