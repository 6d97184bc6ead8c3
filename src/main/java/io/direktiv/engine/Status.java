package io.direktiv.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Where an instance is in its life. While it runs it reads `pending` (reference 1.3).
public enum Status {
  PENDING,
  COMPLETE,
  FAILED,
  CANCELLED,
  CRASHED;

  /// True when the instance will never run again.
  public boolean isEnded() {
    return this != PENDING;
  }

  /// The word on every surface.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The status with this word.
  public static Optional<Status> parse(String word) {
    return Arrays.stream(values()).filter(status -> status.word().equals(word)).findFirst();
  }
}
