package io.direktiv.functions.docker;

import java.time.Duration;

/// The limits of talking to an engine.
final class Limits {
  /// How long an engine may take to take a connection and answer a ping.
  static final Duration PING_TIME = Duration.ofSeconds(5);

  /// How long an engine may take for anything but a pull and the output of a container.
  static final Duration REQUEST_TIME = Duration.ofMinutes(2);

  /// How long a pull may take.
  static final Duration PULL_TIME = Duration.ofMinutes(15);

  /// How long the check for a newer `latest` may take when a copy is here.
  static final Duration CHECK_TIME = Duration.ofSeconds(30);

  /// How long the answer of a check for a newer `latest` is believed.
  static final Duration CHECK_PERIOD = Duration.ofMinutes(1);

  /// The time between asking a container to end and killing it.
  static final Duration GRACE = Duration.ofSeconds(5);

  /// How long a stop may take after the kill until the engine is given up.
  static final Duration KILL_TIME = Duration.ofSeconds(30);

  /// How long the removal of containers may hold up a stop of the server.
  static final Duration CLOSE_TIME = Duration.ofSeconds(20);

  /// How often a closing runtime looks whether its runs have ended.
  static final Duration CLOSE_LOOK = Duration.ofMillis(20);

  /// How long an engine that stopped answering is asked again before the call fails.
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /// The longest wait between two looks at a container whose output has ended.
  static final Duration LOOK_MAX = Duration.ofMillis(250);

  /// How often the memory of a running container is looked at.
  static final Duration MEMORY_LOOK = Duration.ofMillis(100);

  /// The most processes of one user that a container may see; the limit of the container itself is
  /// stricter.
  static final long USER_PROCESSES_MAX = 16_384;

  /// The largest answer that is read into memory.
  static final int ANSWER_BYTES_MAX = 8 << 20;

  /// The longest line of a status line, header or pull report.
  static final int LINE_BYTES_MAX = 64 << 10;

  /// Bytes of the data folder that are read in one go; beyond it files are asked for one by one.
  static final long FOLDER_BYTES_MAX = 64L << 20;

  /// The most entries of a folder that is brought back.
  static final int FOLDER_ENTRIES_MAX = 10_000;

  private Limits() {}
}
