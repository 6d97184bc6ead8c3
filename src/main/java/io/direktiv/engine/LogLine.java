package io.direktiv.engine;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A line of an instance's log.
///
/// @param stream where a function printed it, if one did
public record LogLine(Instant at, Level level, String message, Optional<Stream> stream) {
  /// A line that no function printed.
  public LogLine(Instant at, Level level, String message) {
    this(at, level, message, Optional.empty());
  }

  /// Where a function prints.
  public enum Stream {
    STDOUT,
    STDERR;

    /// The word on every surface.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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

  /// A line that a function printed; on stderr it counts as one about an error.
  public static LogLine printed(Instant at, Stream stream, String message) {
    Level level = stream == Stream.STDERR ? Level.ERROR : Level.INFO;
    return new LogLine(at, level, message, Optional.of(stream));
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
