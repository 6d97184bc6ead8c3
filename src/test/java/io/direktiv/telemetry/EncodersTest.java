package io.direktiv.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/// How an entry of the log reads.
class EncodersTest {
  private static LoggingEvent entry(String message, Throwable cause) {
    LoggingEvent entry =
        new LoggingEvent(
            "",
            new LoggerContext().getLogger("io.direktiv.execution.Runner"),
            Level.WARN,
            message,
            cause,
            null);
    entry.setInstant(Instant.parse("2026-11-25T10:15:00.123456Z"));
    entry.addKeyValuePair(new KeyValuePair(Keys.INSTANCE, "demo/greet/AbCdEf"));
    entry.addKeyValuePair(new KeyValuePair(Keys.DURATION, 12));
    return entry;
  }

  private static String text(LineEncoder encoder, LoggingEvent entry) {
    return new String(encoder.encode(entry), StandardCharsets.UTF_8);
  }

  @Test
  void writesTimeLevelMessageAndKeysForPeople() {
    assertThat(text(new TextEncoder(), entry("a step was late", null)))
        .isEqualTo(
            "2026-11-25T10:15:00.123Z WARN  a step was late  instance=demo/greet/AbCdEf"
                + "  durationMillis=12  [Runner]\n");
  }

  @Test
  void letsNoEntryPoseAsTwo() {
    assertThat(text(new TextEncoder(), entry("one\nERROR two\r\u001b[31m", null)))
        .contains("one\\nERROR two\\r [31m")
        .hasLineCount(1);
  }

  @Test
  void addsTheStackOfAnException() {
    String text = text(new TextEncoder(), entry("it broke", new IllegalStateException("why")));

    assertThat(text).contains("java.lang.IllegalStateException: why").contains("\tat io.direktiv");
  }

  @Test
  void writesOneJsonObjectALineForMachines() throws Exception {
    String text = text(new JsonEncoder(), entry("it\nbroke", new IllegalStateException("why")));

    assertThat(text).endsWith("}\n").hasLineCount(1);
    JsonObject json = (JsonObject) Json.parse(text);
    assertThat(json.get("time")).isEqualTo(Json.of("2026-11-25T10:15:00.123456Z"));
    assertThat(json.get("level")).isEqualTo(Json.of("warn"));
    assertThat(json.get("message")).isEqualTo(Json.of("it\nbroke"));
    assertThat(json.get("instance")).isEqualTo(Json.of("demo/greet/AbCdEf"));
    assertThat(json.get("durationMillis")).isEqualTo(Json.of(12));
    assertThat(json.get("stack").toString()).contains("IllegalStateException: why");
  }
}
