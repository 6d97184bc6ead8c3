package io.direktiv.execution.work;

import java.time.Duration;

/// The limits of the threads that work.
final class Limits {
  /// Threads that decide steps and evaluate queries.
  static final int STEP_THREADS = 256;

  /// Of these, how many one namespace may occupy.
  static final int STEP_THREADS_PER_NAMESPACE = 16;

  /// How long a step may compute before it takes turns with other long ones.
  static final Duration SLICE = Duration.ofMillis(10);

  /// How long stopping waits for what is being told.
  static final Duration STOP_MAX = Duration.ofSeconds(3);

  private Limits() {}
}
