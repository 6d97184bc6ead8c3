package io.direktiv.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.direktiv.json.JsonObject;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/// Entries for machines: one JSON object a line with `time`, `level`, `message`, `logger`, the keys
/// of [Keys], and `stack`.
final class JsonEncoder extends LineEncoder {
  @Override
  String line(ILoggingEvent entry) {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("time", entry.getInstant().toString())
            .put("level", entry.getLevel().toString().toLowerCase(Locale.ROOT))
            .put("message", entry.getFormattedMessage())
            .put("logger", entry.getLoggerName());
    if (entry.getKeyValuePairs() != null) {
      for (KeyValuePair pair : entry.getKeyValuePairs()) {
        if (pair.value instanceof Number number) {
          out.put(pair.key, number.longValue());
        } else {
          out.put(pair.key, String.valueOf(pair.value));
        }
      }
    }
    if (entry.getThrowableProxy() != null) {
      out.put("stack", ThrowableProxyUtil.asString(entry.getThrowableProxy()));
    }
    return out.build().toString();
  }
}
