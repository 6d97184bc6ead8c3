package io.direktiv.golden;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands still until it is moved. Safe for use by many threads.
final class SettableClock extends Clock {
  /// When every case begins.
  static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private volatile Instant now = BEGINNING;

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  void reset() {
    now = BEGINNING;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
