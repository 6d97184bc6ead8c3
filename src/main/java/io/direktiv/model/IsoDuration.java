package io.direktiv.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An ISO 8601 duration with calendar parts, such as `P1MT30S` or `P2W`.
///
/// @param period years, months and days (weeks count as seven)
/// @param time hours, minutes and seconds
public record IsoDuration(Period period, Duration time) {
  /// No time at all.
  public static final IsoDuration ZERO = new IsoDuration(Period.ZERO, Duration.ZERO);

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private static final Pattern SHAPE =
      Pattern.compile(
          "P(?:(\\d+)W|(?:(\\d+)Y)?(?:(\\d+)M)?(?:(\\d+)D)?"
              + "(?:T(?=\\d)(?:(\\d+)H)?(?:(\\d+)M)?(?:(\\d+)S)?)?)");

  /// Reads `text`, whose parts are whole numbers.
  ///
  /// @return empty when `text` is not such a duration or has no parts
  public static Optional<IsoDuration> parse(String text) {
    Matcher m = SHAPE.matcher(text);
    if (!m.matches() || text.equals("P")) {
      return Optional.empty();
    }
    try {
      Period period =
          Period.of(
              part(m, 2), part(m, 3), Math.addExact(part(m, 4), Math.multiplyExact(7, part(m, 1))));
      Duration time = Duration.ofHours(part(m, 5)).plusMinutes(part(m, 6)).plusSeconds(part(m, 7));
      return Optional.of(new IsoDuration(period, time));
    } catch (ArithmeticException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static int part(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
  }

  /// The instant this long after `start`, in the calendar of UTC; at most the end of the year 9999,
  /// which is the last that can be written as a timestamp.
  public Instant after(Instant start) {
    try {
      Instant due = start.atZone(ZoneOffset.UTC).plus(period).plus(time).toInstant();
      return due.isAfter(LAST) ? LAST : due;
    } catch (DateTimeException | ArithmeticException _) {
      return LAST;
    }
  }

  /// This duration and `other` together.
  public IsoDuration plus(IsoDuration other) {
    return new IsoDuration(period.plus(other.period), time.plus(other.time));
  }

  /// The text that [#parse] reads.
  @Override
  public String toString() {
    if (period.isZero()) {
      return time.toString();
    }
    return time.isZero() ? period.toString() : period + time.toString().substring(1);
  }
}
