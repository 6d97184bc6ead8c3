package io.direktiv.functions.contract;

import io.direktiv.engine.LogLine;
import io.direktiv.functions.Limits;
import io.direktiv.functions.Runtime.OutputLine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;

/// The log of one call, which a function may fill as fast and as far as the limits allow: what is
/// more is counted and left out. Safe for use by many threads.
public final class CallLog {
  private final Consumer<LogLine> log;
  private final InstantSource clock;
  private long lastMillis;
  private double tokens = Limits.LOG_LINES_BURST;
  private long bytes;
  private long leftOut;

  /// The log of a call whose lines go to `log`.
  public CallLog(Consumer<LogLine> log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
    this.lastMillis = clock.millis();
  }

  /// A line that the function printed, or that is to be said about its sandbox.
  public void line(OutputLine line) {
    if (line.isNote()) {
      line(line.isError(), line.text());
    } else {
      LogLine.Stream stream = line.isError() ? LogLine.Stream.STDERR : LogLine.Stream.STDOUT;
      line(line.text(), at -> LogLine.printed(at, stream, line.text()));
    }
  }

  /// A line that the function wrote by other means, or that is about its call.
  public void line(boolean isError, String text) {
    line(text, at -> isError ? LogLine.error(at, text) : LogLine.info(at, text));
  }

  private synchronized void line(String text, Function<Instant, LogLine> made) {
    refill();
    if (tokens < 1 || bytes > Limits.LOG_BYTES_MAX) {
      leftOut++;
      return;
    }
    report();
    tokens--;
    bytes += text.length();
    log.accept(made.apply(clock.instant()));
  }

  private void refill() {
    long now = clock.millis();
    double gained = (now - lastMillis) * Limits.LOG_LINES_PER_SECOND / 1_000.0;
    tokens = Math.min(Limits.LOG_LINES_BURST, tokens + Math.max(0, gained));
    lastMillis = now;
  }

  /// Says how much was left out since it was last said.
  public synchronized void report() {
    if (leftOut > 0) {
      String reason =
          bytes > Limits.LOG_BYTES_MAX
              ? "a call may write " + (Limits.LOG_BYTES_MAX >> 20) + " MiB"
              : "a call may write " + Limits.LOG_LINES_PER_SECOND + " lines a second";
      log.accept(
          LogLine.error(
              clock.instant(), leftOut + " lines of the function were left out (" + reason + ")"));
      leftOut = 0;
    }
  }
}
