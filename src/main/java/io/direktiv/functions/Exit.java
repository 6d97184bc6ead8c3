package io.direktiv.functions;

import java.time.Duration;

/// How a sandbox ended.
public sealed interface Exit {
  /// It ended by itself.
  record Exited(int code) implements Exit {}

  /// A signal ended it.
  record Signalled(int signal) implements Exit {}

  /// It used more memory than it may.
  record OutOfMemory(long limitBytes) implements Exit {}

  /// It ran longer than it may.
  record TimedOut(Duration limit) implements Exit {}

  /// [Runtime#stop] ended it.
  record Stopped() implements Exit {}
}
