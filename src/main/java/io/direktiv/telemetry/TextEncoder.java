package io.direktiv.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/// Entries for people: `2026-11-25T10:15:00.123Z WARN what happened instance=… [Runner]`, a stack
/// trace below it. Line breaks within a message are shown as `\n`, so an entry cannot pose as two.
final class TextEncoder extends LineEncoder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  String line(ILoggingEvent entry) {
    StringBuilder out = new StringBuilder(160);
    TIME.formatTo(entry.getInstant(), out);
    out.append(' ').append(entry.getLevel());
    out.repeat(' ', 6 - entry.getLevel().toString().length());
    appendOneLine(out, entry.getFormattedMessage());
    if (entry.getKeyValuePairs() != null) {
      for (KeyValuePair pair : entry.getKeyValuePairs()) {
        out.append("  ").append(pair.key).append('=');
        appendOneLine(out, String.valueOf(pair.value));
      }
    }
    String name = entry.getLoggerName();
    out.append("  [").append(name, name.lastIndexOf('.') + 1, name.length()).append(']');
    if (entry.getThrowableProxy() != null) {
      out.append('\n')
          .append(ThrowableProxyUtil.asString(entry.getThrowableProxy()).stripTrailing());
    }
    return out.toString();
  }

  private static void appendOneLine(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        default -> out.append(c < ' ' || c == 0x7f ? ' ' : c);
      }
    }
  }
}
