package io.direktiv.schedule;

import java.time.Duration;

/// The limits of what is held in memory for the clock.
public final class Limits {
  /// Timers due later than this stay in the store only.
  public static final Duration HORIZON = Duration.ofMinutes(10);

  /// How long to wait before timers are read while too many wakes wait.
  public static final Duration BUSY_DELAY = Duration.ofMillis(50);

  /// How many timers are read from the store at once.
  public static final int TIMERS_PER_READ = 10_000;

  /// How many instances, events and keys are deleted at once.
  public static final int PRUNE_BATCH = 100;

  /// How long the pruner rests after a batch.
  public static final Duration PRUNE_REST = Duration.ofMillis(20);

  private Limits() {}
}
