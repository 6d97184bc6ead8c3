package io.direktiv.schedule;

import java.time.Instant;

/// Calls back when a time has come.
public interface AlarmClock {
  /// Runs `task`, which must not block, at `due` or soon after; at once when that has passed.
  void ringAt(Instant due, Runnable task);
}
