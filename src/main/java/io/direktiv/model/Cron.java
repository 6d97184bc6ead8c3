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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A cron expression as robfig/cron v3 reads it: five fields (the day of the week may be left out),
/// or a descriptor such as `@hourly` or `@every 1m`; before them may stand `CRON_TZ=Asia/Tokyo`.
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

  private static final Pattern ZONE = Pattern.compile("(?:CRON_)?TZ=(\\S+)\\s+");

  private final String text;
  private final Optional<ExecutionTime> times;
  private final Duration every;
  private final Optional<ZoneId> own;

  private Cron(String text, Optional<ExecutionTime> times, Duration every, Optional<ZoneId> own) {
    this.text = text;
    this.times = times;
    this.every = every;
    this.own = own;
  }

  /// Reads `text`.
  ///
  /// @throws IllegalArgumentException with what is wrong
  public static Cron parse(String text) {
    String whole = text.strip();
    Matcher prefix = ZONE.matcher(whole);
    boolean hasZone = prefix.lookingAt();
    Optional<ZoneId> zone = hasZone ? Optional.of(zone(prefix.group(1))) : Optional.empty();
    String trimmed = hasZone ? whole.substring(prefix.end()) : whole;
    if (trimmed.startsWith("@every ")) {
      return new Cron(whole, Optional.empty(), every(trimmed.substring(7).strip()), zone);
    }
    return new Cron(whole, Optional.of(times(trimmed)), Duration.ZERO, zone);
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is not a time zone such as Europe/Berlin or UTC");
    }
  }

  private static ExecutionTime times(String text) {
    String fields = DESCRIPTORS.getOrDefault(text, text);
    if (fields.startsWith("@")) {
      throw new IllegalArgumentException(
          "unknown descriptor "
              + fields
              + "; known are "
              + String.join(", ", new TreeSet<>(DESCRIPTORS.keySet())));
    }
    int count = fields.split("\\s+").length;
    if (count < 4 || count > 5) {
      throw new IllegalArgumentException(
          "expected 5 fields (minute hour day month weekday), found " + count);
    }
    String whole = (count == 4 ? fields + " *" : fields).replace('?', '*');
    return ExecutionTime.forCron(new CronParser(UNIX).parse(whole).validate());
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

  /// The first time after `after` at which it is due, in the calendar of its own zone or else of
  /// `zone`; empty for never.
  public Optional<Instant> next(Instant after, ZoneId zone) {
    try {
      if (times.isEmpty()) {
        return Optional.of(Instant.ofEpochSecond(after.plus(every).getEpochSecond()));
      }
      return times
          .get()
          .nextExecution(after.atZone(own.orElse(zone)))
          .map(time -> time.toInstant());
    } catch (DateTimeException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
