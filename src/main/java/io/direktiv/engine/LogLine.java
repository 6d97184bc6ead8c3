package io.direktiv.engine;

import java.time.Instant;
import java.util.Locale;

/// A line of an instance's log.
public record LogLine(Instant at, Level level, String message) {
  /// How much it matters.
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR;

    /// The word on every surface.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// An ordinary line.
  public static LogLine info(Instant at, String message) {
    return new LogLine(at, Level.INFO, message);
  }

  /// A line about an error.
  public static LogLine error(Instant at, String message) {
    return new LogLine(at, Level.ERROR, message);
  }
}
