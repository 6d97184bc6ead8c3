package io.direktiv.jq;

import java.time.Duration;

/// What one evaluation may cost. Exceeding any of them raises [QueryLimitException].
///
/// @param time the longest wall time
/// @param stepsMax the most evaluation steps
/// @param bytesMax the most memory, estimated in bytes, that living values may take
/// @param outputsMax the most outputs
public record QueryLimits(Duration time, long stepsMax, long bytesMax, long outputsMax) {
  /// 10 s, 1,000,000,000 steps, 256 MiB, 1,000,000 outputs.
  public static final QueryLimits DEFAULT =
      new QueryLimits(Duration.ofSeconds(10), 1_000_000_000L, 256L << 20, 1_000_000L);
}
