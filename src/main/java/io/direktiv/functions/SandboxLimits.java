package io.direktiv.functions;

import java.time.Duration;

/// What a sandbox may use; always set.
///
/// @param cpus processors
/// @param memoryBytes memory, without swap
/// @param processesMax processes and threads
/// @param openFilesMax open files of each process
/// @param fileBytesMax the largest file that a process may write
/// @param time wall time until it is killed
/// @param network what it may reach
public record SandboxLimits(
    double cpus,
    long memoryBytes,
    int processesMax,
    int openFilesMax,
    long fileBytesMax,
    Duration time,
    Network network) {
  /// What a sandbox may reach.
  public enum Network {
    /// Nothing but itself.
    NONE,
    /// What its runtime lets out; nothing reaches in.
    EGRESS
  }

  /// The same with another time.
  public SandboxLimits withTime(Duration other) {
    return new SandboxLimits(
        cpus, memoryBytes, processesMax, openFilesMax, fileBytesMax, other, network);
  }
}
