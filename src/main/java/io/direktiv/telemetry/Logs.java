package io.direktiv.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/// Operator logs: one stream, stderr. Libraries are heard from WARN on; those that speak
/// `java.util.logging` are passed on.
public final class Logs {
  private static final String OURS = "io.direktiv";
  private static final String STDERR = "System.err";

  private Logs() {}

  /// How a log is written.
  public enum Format {
    /// Lines for people.
    TEXT,
    /// One JSON object a line.
    JSON
  }

  /// From which level on something is written.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /// Changes how and what is logged from now on.
  public static void configure(Format format, Level level) {
    apply((LoggerContext) LoggerFactory.getILoggerFactory(), format, level);
    takeOver();
  }

  static void apply(LoggerContext context, Format format, Level level) {
    LineEncoder encoder = format == Format.JSON ? new JsonEncoder() : new TextEncoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget(STDERR);
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    ch.qos.logback.classic.Level ours = ch.qos.logback.classic.Level.valueOf(level.name());
    root.setLevel(
        level == Level.ERROR
            ? ch.qos.logback.classic.Level.ERROR
            : ch.qos.logback.classic.Level.WARN);
    context.getLogger(OURS).setLevel(ours);
  }

  private static void takeOver() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.setLevel(java.util.logging.Level.WARNING);
    root.addHandler(new Passing());
  }

  /// Passes on what was said through `java.util.logging`.
  private static final class Passing extends Handler {
    @Override
    public void publish(LogRecord entry) {
      String name = entry.getLoggerName() == null ? "java" : entry.getLoggerName();
      boolean isError = entry.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue();
      LoggerFactory.getLogger(name)
          .atLevel(isError ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN)
          .setCause(entry.getThrown())
          .log(new SimpleFormatter().formatMessage(entry));
    }

    @Override
    public void flush() {
      // Nothing is held back.
    }

    @Override
    public void close() {
      // Nothing is held open.
    }
  }
}
