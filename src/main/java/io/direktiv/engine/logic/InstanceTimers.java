package io.direktiv.engine.logic;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.TimerId;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.Timeouts;
import java.time.Duration;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The timers of a whole instance: those of its workflow, else those of the server.
final class InstanceTimers {
  /// How long a workflow may go on after its interrupt when it does not say so (reference 1.3).
  private static final IsoDuration GRACE = new IsoDuration(Period.ZERO, Duration.ofMinutes(5));

  private InstanceTimers() {}

  static Map<TimerId, IsoDuration> of(Turn turn) {
    InstanceId id = turn.instance().id();
    Timeouts own = turn.definition().timeouts();
    Map<TimerId, IsoDuration> timers = new LinkedHashMap<>();
    either(own.interrupt(), turn.settings().interruptAfter())
        .ifPresent(duration -> timers.put(new TimerId(id, "interrupt"), duration));
    either(own.kill().or(() -> own.interrupt().map(GRACE::plus)), turn.settings().killAfter())
        .ifPresent(duration -> timers.put(new TimerId(id, "kill"), duration));
    return timers;
  }

  private static Optional<IsoDuration> either(
      Optional<IsoDuration> own, Optional<Duration> server) {
    return own.or(() -> server.map(time -> new IsoDuration(Period.ZERO, time)));
  }
}
