package io.direktiv.model;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A cron expression as robfig/cron v3 reads it: five fields (the day of the week may be left out),
/// or a descriptor such as `@hourly` or `@every 1m`.
public final class Cron {
  private static final CronDefinition UNIX =
      CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
  private static final Map<String, String> DESCRIPTORS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");

  private final String text;
  private final Optional<ExecutionTime> times;
  private final Duration every;

  private Cron(String text, Optional<ExecutionTime> times, Duration every) {
    this.text = text;
    this.times = times;
    this.every = every;
  }

  /// Reads `text`.
  ///
  /// @throws IllegalArgumentException with what is wrong
  public static Cron parse(String text) {
    String trimmed = text.strip();
    if (trimmed.startsWith("@every ")) {
      return new Cron(trimmed, Optional.empty(), every(trimmed.substring(7).strip()));
    }
    String fields = DESCRIPTORS.getOrDefault(trimmed, trimmed);
    if (fields.startsWith("@")) {
      throw new IllegalArgumentException(
          "unknown descriptor "
              + fields
              + "; known are "
              + String.join(", ", DESCRIPTORS.keySet()));
    }
    int count = fields.split("\\s+").length;
    if (count < 4 || count > 5) {
      throw new IllegalArgumentException(
          "expected 5 fields (minute hour day month weekday), found " + count);
    }
    String whole = (count == 4 ? fields + " *" : fields).replace('?', '*');
    return new Cron(
        trimmed,
        Optional.of(ExecutionTime.forCron(new CronParser(UNIX).parse(whole).validate())),
        Duration.ZERO);
  }

  private static Duration every(String text) {
    Matcher matcher = PART.matcher(text);
    double seconds = 0;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      double number = Double.parseDouble(matcher.group(1));
      seconds +=
          number
              * switch (matcher.group(2)) {
                case "ms" -> 0.001;
                case "s" -> 1;
                case "m" -> 60;
                default -> 3600;
              };
      end = matcher.end();
    }
    if (end != text.length() || text.isEmpty()) {
      throw new IllegalArgumentException("@every needs a duration such as 1h30m, not " + text);
    }
    return Duration.ofSeconds(Math.max(1, (long) seconds));
  }

  /// The first time after `after` at which it is due, in the calendar of `zone`; empty for never.
  public Optional<Instant> next(Instant after, ZoneId zone) {
    if (times.isEmpty()) {
      return Optional.of(Instant.ofEpochSecond(after.plus(every).getEpochSecond()));
    }
    try {
      return times.get().nextExecution(after.atZone(zone)).map(time -> time.toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
