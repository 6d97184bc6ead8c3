package io.direktiv.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/// Sets logging up before anything is logged; found by logback as a service. Programs that say
/// nothing else log warnings as text.
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  /// Called by logback.
  public LogConfigurator() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logs.apply(context, Logs.Format.TEXT, Logs.Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
