package io.direktiv.model;

import java.util.Optional;

/// When an instance is interrupted and killed; absent for never.
///
/// @param interrupt after this time the current state fails with a catchable error
/// @param kill after this time the instance fails
public record Timeouts(Optional<IsoDuration> interrupt, Optional<IsoDuration> kill) {
  /// No timeouts.
  public static final Timeouts NONE = new Timeouts(Optional.empty(), Optional.empty());
}
