package io.direktiv.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// Schedules that name their own time zone.
class CronZoneTest {
  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void countsInItsOwnZone() {
    Cron cron = Cron.parse("CRON_TZ=Asia/Tokyo 0 6 * * *");

    assertThat(cron.next(NEW_YEAR, ZoneOffset.UTC)).contains(Instant.parse("2026-01-01T21:00:00Z"));
  }

  @Test
  void countsInTheServersZoneWithoutOne() {
    Cron cron = Cron.parse("0 6 * * *");

    assertThat(cron.next(NEW_YEAR, ZoneOffset.UTC)).contains(Instant.parse("2026-01-01T06:00:00Z"));
  }

  @Test
  void neverComesBeyondTheCalendar() {
    Cron cron = Cron.parse("@every 99999999999999h");

    assertThat(cron.next(NEW_YEAR, ZoneOffset.UTC)).isEmpty();
  }
}
