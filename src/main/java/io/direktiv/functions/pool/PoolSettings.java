package io.direktiv.functions.pool;

import io.direktiv.functions.Limits;
import java.time.Duration;

/// What operators set about functions that listen.
///
/// @param calls that one server answers at a time, at least 1
/// @param idleMost servers that wait for calls; 0 when each call is to have a server of its own
/// @param idle how long a server waits for a call before it is ended
/// @param freezeAfter how long a server waits for a call before its processes are frozen
/// @param restartPause how long nothing is made again after a server that was to be kept ready
///   ended by itself; twice as long each time, up to [#RESTART_PAUSE_MAX]
/// @param keepsReady whether what workflows ask for with `scale` is kept ready
public record PoolSettings(
    int calls,
    int idleMost,
    Duration idle,
    Duration freezeAfter,
    Duration restartPause,
    boolean keepsReady) {
  /// The longest pause before a server is made again.
  public static final Duration RESTART_PAUSE_MAX = Duration.ofMinutes(1);

  /// Ten calls at a time, as the sidecar of v0.3 had workers (reference 1.4); 16 that wait, for two
  /// minutes, and frozen after a second.
  public static final PoolSettings DEFAULT =
      new PoolSettings(
          10, 16, Duration.ofMinutes(2), Duration.ofSeconds(1), Duration.ofSeconds(1), true);

  /// How long between two looks at what workflows want to be kept ready: before it would be ended
  /// for want of calls, and often enough to see an image move.
  public Duration lookPause() {
    Duration half = idle.dividedBy(2);
    return half.compareTo(Limits.IMAGE_LOOK) < 0 ? half : Limits.IMAGE_LOOK;
  }

  /// Calls at a time of a server, which are one when no server serves two.
  int places() {
    return idleMost == 0 ? 1 : calls;
  }
}
