package io.direktiv.schedule;

import io.direktiv.engine.TimerId;
import io.direktiv.store.Waits;
import io.direktiv.telemetry.Service;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes instances whose timers are due.
///
/// Timers within [Limits#HORIZON] are held in memory; a key of its own rings when it is time to
/// read the next ones, so a million sleeping instances cost no memory. A timer may ring twice after
/// a crash; the engine ignores the second.
public final class TimerWaker implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(TimerWaker.class);

  private final Waits waits;
  private final InstantSource clock;
  private final Consumer<TimerId> wake;
  private final Alarms<Optional<TimerId>> alarms;
  private volatile Instant knownUntil = Instant.MIN;

  /// A waker that calls `wake`, which must not block, with each timer that is due.
  public TimerWaker(Waits waits, InstantSource clock, Consumer<TimerId> wake) {
    this.waits = waits;
    this.clock = clock;
    this.wake = wake;
    this.alarms = new Alarms<>("timers", clock, (key, _) -> ring(key));
  }

  @Override
  public void start() {
    read();
    alarms.start();
  }

  @Override
  public void stop() {
    alarms.stop();
  }

  /// Looks at the clock again; only a clock that can be set needs this.
  public void clockMoved() {
    alarms.clockMoved();
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
      wake.accept(key.get());
      return;
    }
    read();
  }

  /// Reads the timers of the next horizon. What is armed meanwhile may be set twice, to the same
  /// time.
  private void read() {
    Instant now = clock.instant();
    try {
      Instant until = now.plus(Limits.HORIZON);
      List<Waits.DueTimer> due = waits.timers(Optional.empty(), until, Limits.TIMERS_PER_READ);
      boolean isAll = due.size() < Limits.TIMERS_PER_READ;
      knownUntil = isAll ? until : due.getLast().due();
      due.forEach(timer -> alarms.set(Optional.of(timer.timer()), timer.due()));
      alarms.set(Optional.empty(), isAll ? now.plus(Limits.HORIZON.dividedBy(2)) : knownUntil);
    } catch (RuntimeException e) {
      LOG.warn("timers could not be read, trying again in a second", e);
      alarms.set(Optional.empty(), now.plusSeconds(1));
    }
  }
}
