package io.direktiv.functions;

import java.time.Duration;

/// What a sandbox may use; always set.
///
/// @param cpus processors
/// @param memoryBytes memory, without swap
/// @param processesMax processes and threads
/// @param openFilesMax open files of each process
/// @param fileBytesMax the largest file that a process may write
/// @param diskBytes all that it writes to its root and its data folder, where the runtime can hold
///   it to that; 0 for no limit
/// @param time wall time until it is killed
/// @param network what it may reach
public record SandboxLimits(
    double cpus,
    long memoryBytes,
    int processesMax,
    int openFilesMax,
    long fileBytesMax,
    long diskBytes,
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
        cpus, memoryBytes, processesMax, openFilesMax, fileBytesMax, diskBytes, other, network);
  }
}
