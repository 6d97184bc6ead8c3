package io.direktiv.functions;

import java.time.Duration;

/// The limits of functions that are no settings.
public final class Limits {
  /// The largest result of a function, in bytes.
  public static final int RESULT_BYTES_MAX = 16 << 20;

  /// The largest `error.json`, in bytes.
  public static final int ERROR_BYTES_MAX = 64 << 10;

  /// The largest `log.log` and `error.log`, in bytes.
  public static final int LOG_FILE_BYTES_MAX = 1 << 20;

  /// The longest line of a function's log, in bytes; what is longer is cut.
  public static final int LOG_LINE_BYTES_MAX = 8 << 10;

  /// Log lines that a call may write at once.
  public static final int LOG_LINES_BURST = 2_000;

  /// Log lines that a call may write each second after that.
  public static final int LOG_LINES_PER_SECOND = 200;

  /// Log bytes that a call may write in all.
  public static final long LOG_BYTES_MAX = 16L << 20;

  /// Calls of one namespace that wait for a free place; one more fails.
  public static final int WAITING_MAX = 100_000;

  /// How often a stop is repeated until the sandbox has ended.
  public static final Duration STOP_REPEAT = Duration.ofSeconds(1);

  /// How long a function over HTTP may take until it listens.
  public static final Duration LISTEN_TIME = Duration.ofSeconds(60);

  /// How long a function over HTTP that was cancelled may go on.
  public static final Duration CANCEL_TIME = Duration.ofSeconds(10);

  /// How long the end of a sandbox may come after the end of a connection to it.
  public static final Duration END_PATIENCE = Duration.ofSeconds(1);

  /// The most lines that are kept of what a sandbox prints while it serves nobody.
  public static final int IDLE_LINES_MAX = 100;

  /// How long what a function printed may come after its answer, where nobody can look.
  public static final Duration SETTLE_TIME = Duration.ofMillis(10);

  /// How long an answer is held back for what the function prints.
  public static final Duration SETTLE_TIME_MAX = Duration.ofMillis(100);

  /// How often the images of sandboxes that are kept ready are looked at.
  public static final Duration IMAGE_LOOK = Duration.ofMinutes(1);

  private Limits() {}
}
