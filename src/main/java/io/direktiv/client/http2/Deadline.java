package io.direktiv.client.http2;

import java.time.Duration;

/// The moment at which a caller stops waiting.
public final class Deadline {
  /// Waits for ever.
  public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

  private final long endNanos;

  private Deadline(long endNanos) {
    this.endNanos = endNanos;
  }

  /// The moment that comes `time` from now.
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + Math.min(time.toNanos(), Long.MAX_VALUE / 4));
  }

  /// True for a caller that waits for ever.
  public boolean isNever() {
    return this == NEVER;
  }

  /// The milliseconds that are left, rounded up; 0 when it is over.
  public long leftMillis() {
    if (isNever()) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, (endNanos - System.nanoTime() + 999_999) / 1_000_000);
  }

  /// What is left as a timeout of sockets, for which 0 means for ever.
  ///
  /// @throws Http2Exception when it is over
  int socketMillis() {
    if (isNever()) {
      return 0;
    }
    long left = leftMillis();
    if (left == 0) {
      throw over();
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  /// The failure of a caller whose time is over.
  static Http2Exception over() {
    return new Http2Exception(
        Http2Exception.Kind.TIMEOUT, ErrorCode.CANCEL, "no answer came in time");
  }
}
