package io.direktiv.cli;

import java.time.Duration;

/// The limits of a command.
final class Limits {
  /// The largest file that is sent to a server in bytes: 63 MiB, which leaves room in a message.
  static final int FILE_BYTES_MAX = 63 << 20;

  /// How many log lines are asked for at once, as v0.1.6 did.
  static final int LOG_LINES_DEFAULT = 10_000;

  /// How long a command waits for the server: 3 s, as in v0.1.6.
  static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(3);

  /// How long `--wait` and `--follow` try to reach a server again that went away.
  static final Duration RECONNECT_MAX = Duration.ofSeconds(30);

  /// A try that lasted as long had reached the server: refusals come sooner.
  static final Duration CONNECTED_AFTER = Duration.ofSeconds(10);

  /// The pause between such tries.
  static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

  private Limits() {}
}
