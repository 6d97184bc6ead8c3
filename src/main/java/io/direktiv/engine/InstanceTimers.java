package io.direktiv.engine;

import io.direktiv.model.IsoDuration;
import io.direktiv.model.Workflow;
import java.util.LinkedHashMap;
import java.util.Map;

/// The timers of a whole instance.
final class InstanceTimers {
  private InstanceTimers() {}

  static Map<TimerId, IsoDuration> of(Workflow definition, InstanceId id) {
    Map<TimerId, IsoDuration> timers = new LinkedHashMap<>();
    definition
        .timeouts()
        .interrupt()
        .ifPresent(duration -> timers.put(new TimerId(id, "interrupt"), duration));
    definition
        .timeouts()
        .kill()
        .ifPresent(duration -> timers.put(new TimerId(id, "kill"), duration));
    return timers;
  }
}
