package io.direktiv.schedule;

import io.direktiv.engine.TimerId;
import io.direktiv.store.Waits;
import io.direktiv.store.Waits.DueTimer;
import io.direktiv.telemetry.Service;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes instances whose timers are due.
///
/// Timers within [Limits#HORIZON] are held in memory; a key of its own rings when it is time to
/// read the next ones, so a million sleeping instances cost no memory. A timer may ring twice, for
/// example after a crash; whoever is woken looks whether it still stands in the store.
public final class TimerWaker implements Service {
  /// Who is woken.
  public interface Target {
    /// `timer` is due; must not block.
    void wake(TimerId timer);

    /// True when so many wakes wait that no more timers should be read for now.
    boolean isBusy();
  }

  private static final Logger LOG = LoggerFactory.getLogger(TimerWaker.class);
  private static final Optional<TimerId> READ = Optional.empty();

  private final Waits waits;
  private final InstantSource clock;
  private final Executor reader;
  private final Target target;
  private final Alarms<Optional<TimerId>> alarms;
  private volatile Instant knownUntil = Instant.MIN;
  private Optional<DueTimer> last = Optional.empty();

  /// A waker that reads the store on `reader`.
  public TimerWaker(
      Waits waits, InstantSource clock, AlarmClock alarmClock, Executor reader, Target target) {
    this.waits = waits;
    this.clock = clock;
    this.reader = reader;
    this.target = target;
    this.alarms = new Alarms<>(clock, alarmClock, (key, _) -> ring(key));
  }

  @Override
  public void start() {
    alarms.start();
    read();
  }

  @Override
  public void stop() {
    alarms.stop();
  }

  /// Arms a timer that was committed.
  public void arm(TimerId timer, Instant due) {
    if (!due.isAfter(knownUntil)) {
      alarms.set(Optional.of(timer), due);
    }
  }

  /// Disarms a timer.
  public void disarm(TimerId timer) {
    alarms.clear(Optional.of(timer));
  }

  private void ring(Optional<TimerId> key) {
    if (key.isPresent()) {
      target.wake(key.get());
    } else {
      reader.execute(this::read);
    }
  }

  /// Reads the next page of timers, or the first one again when all within the horizon were read.
  /// One call at a time: the next one is set when this one ends.
  private void read() {
    Instant now = clock.instant();
    if (target.isBusy()) {
      alarms.set(READ, now.plus(Limits.BUSY_DELAY));
      return;
    }
    try {
      Instant until = now.plus(Limits.HORIZON);
      // Before the page is read, so that a timer which is armed meanwhile is not missed by both.
      knownUntil = until;
      List<DueTimer> page = waits.timers(last, until, Limits.TIMERS_PER_READ);
      boolean isAll = page.size() < Limits.TIMERS_PER_READ;
      page.forEach(timer -> alarms.set(Optional.of(timer.timer()), timer.due()));
      knownUntil = isAll ? until : page.getLast().due();
      last = isAll ? Optional.empty() : Optional.of(page.getLast());
      alarms.set(READ, isAll ? now.plus(Limits.HORIZON.dividedBy(2)) : knownUntil);
    } catch (RuntimeException e) {
      LOG.warn("timers could not be read, trying again in a second", e);
      alarms.set(READ, now.plusSeconds(1));
    }
  }
}
