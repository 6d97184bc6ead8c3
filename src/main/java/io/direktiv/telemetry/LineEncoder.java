package io.direktiv.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/// Writes a log entry as UTF-8 text that ends with a line break.
abstract class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  /// The text of an entry, without the last line break.
  abstract String line(ILoggingEvent entry);

  @Override
  public final byte[] encode(ILoggingEvent entry) {
    return (line(entry) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public final byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public final byte[] footerBytes() {
    return NOTHING;
  }
}
