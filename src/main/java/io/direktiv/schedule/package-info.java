/// The clock's part: wakes instances whose timers are due, and workflows whose cron is.
///
/// Start reading at [TimerWaker] and [CronWaker]; both ring by an [AlarmClock]. Timers stand in the
/// store; only the near ones are held in memory. What a wake means is left to `execution`.
package io.direktiv.schedule;
