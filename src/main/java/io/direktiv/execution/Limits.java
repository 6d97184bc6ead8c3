package io.direktiv.execution;

import java.time.Duration;

/// The limits of what runs at one time.
final class Limits {
  /// Starts under way; one more is refused with [OverloadException].
  static final int STARTS_MAX = 10_000;

  /// Starts of subflows under way, a part of those: more would only stand in the queue of commits.
  static final int SUBFLOW_STARTS_MAX = 256;

  /// Subflows of one namespace in memory that wait for their start; more are left in the store for
  /// the rescuer.
  static final int SUBFLOWS_WAITING_MAX = 20_000;

  /// Instances that have something to do; when there are more, starts are refused with
  /// [OverloadException] and timers wait.
  static final int BUSY_INSTANCES_MAX = 50_000;

  /// Memory for idle instances, in bytes, estimated.
  static final long CACHED_INSTANCES_BYTES = 64L << 20;

  /// An idle instance that takes more than this is not kept, in bytes.
  static final long CACHED_INSTANCE_BYTES_MAX = 256L << 10;

  /// The same for an instance that waits for several actions: it is woken by each of them, and
  /// reading it again takes the longer the more they are.
  static final long CACHED_FAN_OUT_BYTES_MAX = 16L << 20;

  /// Events that are being delivered at one time.
  static final int DELIVERIES = 1_000;

  /// Of these, how many may be of one namespace; as many are read at once.
  static final int DELIVERIES_PER_NAMESPACE = 250;

  /// Attempts to deliver an event that fails by a defect of ours; then it waits for a restart.
  static final int DELIVERY_ATTEMPTS = 5;

  /// How often the store is searched for work that was missed.
  static final Duration RESCUE_PERIOD = Duration.ofMinutes(1);

  /// Actions and instances that are read at once when work is recovered.
  static final int RESCUE_BATCH = 1_000;

  /// Actions that run; when there are more, recovery waits before it adds to them.
  static final int RECOVERED_ACTIONS_MAX = 10_000;

  /// Log lines of a running function that wait to be written; then the function waits.
  static final int LOG_LINES_WAITING = 1_000;

  /// How long a function waits for a variable that it writes while it runs.
  static final Duration VARIABLE_TIME = Duration.ofSeconds(20);

  /// How long to wait before something that failed is tried again; repeated failures of one
  /// instance double it up to [#RETRY_DELAY_MAX].
  static final Duration RETRY_DELAY = Duration.ofMillis(500);

  /// The longest wait before something that failed is tried again.
  static final Duration RETRY_DELAY_MAX = Duration.ofSeconds(30);

  /// Attempts to draw an id that is not taken.
  static final int ID_DRAWS = 20;

  private Limits() {}
}
