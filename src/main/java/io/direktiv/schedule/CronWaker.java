package io.direktiv.schedule;

import io.direktiv.model.Cron;
import io.direktiv.telemetry.Service;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Wakes workflows whose cron is due. Times that pass while the server is down are not made up for.
public final class CronWaker implements Service {
  /// Receives a workflow that is due, must not block.
  public interface Target {
    /// `uid` was due at `due`.
    void start(String uid, Instant due);
  }

  private final InstantSource clock;
  private final ZoneId zone;
  private final Target target;
  private final Map<String, Cron> crons = new ConcurrentHashMap<>();
  private final Alarms<String> alarms;

  /// A waker that reads crons in the calendar of `zone`.
  public CronWaker(InstantSource clock, ZoneId zone, AlarmClock alarmClock, Target target) {
    this.clock = clock;
    this.zone = zone;
    this.target = target;
    this.alarms = new Alarms<>(clock, alarmClock, this::ring);
  }

  @Override
  public void start() {
    alarms.start();
  }

  @Override
  public void stop() {
    alarms.stop();
  }

  /// Arms a workflow; replaces what was armed for it.
  public void arm(String uid, Cron cron) {
    crons.put(uid, cron);
    cron.next(clock.instant(), zone).ifPresent(due -> alarms.set(uid, due));
  }

  /// Disarms a workflow; one that was not armed is fine.
  public void disarm(String uid) {
    crons.remove(uid);
    alarms.clear(uid);
  }

  private void ring(String uid, Instant due) {
    Cron cron = crons.get(uid);
    if (cron == null) {
      return;
    }
    Instant now = clock.instant();
    cron.next(now.isAfter(due) ? now : due, zone).ifPresent(next -> alarms.set(uid, next));
    target.start(uid, due);
  }
}
