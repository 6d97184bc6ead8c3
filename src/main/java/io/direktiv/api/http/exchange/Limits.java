package io.direktiv.api.http.exchange;

import java.time.Duration;

/// The limits of the HTTP door that nobody sets; those that an operator may set are [Bounds], and
/// those of what clients send are in [io.direktiv.api.Limits].
public final class Limits {
  /// The longest request line and headers together in bytes: 16 KiB.
  public static final int HEADER_BYTES_MAX = 16 << 10;

  /// The longest JSON body of requests that carry a few names: 64 KiB.
  public static final int SMALL_BODY_BYTES_MAX = 64 << 10;

  /// Bytes per second that a client must send in the long run.
  public static final int BODY_RATE_MIN = 16 << 10;

  /// How much of a refused body is read, so that the client sees the answer: 64 MiB.
  public static final long DISCARD_BYTES_MAX = 64L << 20;

  /// How long a wait lasts when the caller says nothing.
  public static final Duration WAIT_DEFAULT = Duration.ofSeconds(60);

  /// A stream says that it lives when it was silent for so long.
  public static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /// How often a log's stream looks for lines that nobody told it of.
  public static final Duration POLL = Duration.ofSeconds(1);

  /// How often a stream looks whether its instance is still there.
  public static final Duration LOOK = Duration.ofSeconds(10);

  /// How often a stream asks whether its caller's token is still good.
  public static final Duration ADMISSION = Duration.ofSeconds(1);

  /// Changed instances that a stream remembers for a slow reader; more end it.
  public static final int STREAM_CHANGES_MAX = 10_000;

  /// The longest text in a header of ours in characters.
  public static final int HEADER_TEXT_CHARS_MAX = 512;

  private Limits() {}
}
