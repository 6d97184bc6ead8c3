package io.direktiv.execution;

import java.time.Duration;

/// The limits of what runs at one time.
public final class Limits {
  /// Threads that decide steps and evaluate queries.
  public static final int STEP_THREADS = 48;

  /// Of these, how many one namespace may occupy.
  public static final int STEP_THREADS_PER_NAMESPACE = 16;

  /// Starts under way; one more is refused with [OverloadException].
  public static final int STARTS_MAX = 10_000;

  /// Idle instances that are kept in memory.
  public static final int CACHED_INSTANCES = 2_000;

  /// Idle instances with more state data than this, in characters of JSON, are not kept.
  public static final int CACHED_CHARS_MAX = 64 << 10;

  /// Definitions that are kept in memory.
  public static final int CACHED_DEFINITIONS = 1_000;

  /// Log lines of a running function that wait to be written; then the function waits.
  public static final int LOG_LINES_WAITING = 1_000;

  /// How long to wait before a commit that failed is tried again.
  public static final Duration RETRY_DELAY = Duration.ofMillis(500);

  /// Attempts to draw an id that is not taken.
  public static final int ID_DRAWS = 20;

  /// How long stopping waits for what is being told.
  public static final Duration STOP_MAX = Duration.ofSeconds(3);

  private Limits() {}
}
