package io.direktiv.functions;

import io.direktiv.functions.pool.PoolSettings;
import io.direktiv.model.FunctionDefinition.Size;
import java.time.Duration;
import java.util.Map;

/// What operators set about functions.
///
/// @param concurrency sandboxes that run at one time; more calls wait
/// @param memoryBytes memory by size, without swap
/// @param diskBytes what a sandbox may write to its disk; 0 for no limit
/// @param time wall time after which a function is stopped
/// @param network what functions may reach
/// @param pool of functions that listen
public record FunctionSettings(
    int concurrency,
    Map<Size, Long> memoryBytes,
    long diskBytes,
    Duration time,
    SandboxLimits.Network network,
    PoolSettings pool) {
  private static final Map<Size, Double> CPUS =
      Map.of(Size.SMALL, 1.0, Size.MEDIUM, 1.0, Size.LARGE, 2.0);
  private static final int PROCESSES_MAX = 1_024;
  private static final int OPEN_FILES_MAX = 4_096;
  private static final long FILE_BYTES_MAX = 10L << 30;

  /// Sizes of reference 1.2; 32 sandboxes at a time; 1 GiB of disk and a day for each; network
  /// `egress`.
  public static final FunctionSettings DEFAULT =
      new FunctionSettings(
          32,
          Map.of(Size.SMALL, 256L << 20, Size.MEDIUM, 512L << 20, Size.LARGE, 1_024L << 20),
          1L << 30,
          Duration.ofHours(24),
          SandboxLimits.Network.EGRESS,
          PoolSettings.DEFAULT);

  public FunctionSettings {
    memoryBytes = Map.copyOf(memoryBytes);
  }

  /// The limits of a sandbox of `size`.
  SandboxLimits limits(Size size) {
    return new SandboxLimits(
        CPUS.get(size),
        memoryBytes.get(size),
        PROCESSES_MAX,
        OPEN_FILES_MAX,
        FILE_BYTES_MAX,
        diskBytes,
        time,
        network);
  }

  /// The same settings with another time.
  public FunctionSettings withTime(Duration longest) {
    return new FunctionSettings(concurrency, memoryBytes, diskBytes, longest, network, pool);
  }
}
