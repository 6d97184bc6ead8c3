package io.direktiv.schedule;

import java.time.Duration;

/// The limits of what is held in memory for the clock.
public final class Limits {
  /// Timers due later than this stay in the store only.
  public static final Duration HORIZON = Duration.ofMinutes(10);

  /// How many timers are read from the store at once.
  public static final int TIMERS_PER_READ = 10_000;

  private Limits() {}
}
