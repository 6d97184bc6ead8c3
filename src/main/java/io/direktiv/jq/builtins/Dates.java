package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The builtins about time. A broken down time is `[year, month from 0, day, hours, minutes,
/// seconds, weekday from Sunday, day of the year from 0]`, as in C.
final class Dates {
  /// The year that C counts from, which an empty array means.
  private static final int EARLIEST_YEAR = 1900;

  private Dates() {}

  static void register(Map<String, Natives.Function> functions) {
    functions.put("now/0", (_, _, _) -> Json.of(System.currentTimeMillis() / 1000.0));
    functions.put("mktime/0", (in, _, _) -> mktime(in));
    functions.put("gmtime/0", (in, _, _) -> broken(in, ZoneOffset.UTC, "gmtime"));
    functions.put("localtime/0", (in, _, _) -> broken(in, ZoneId.systemDefault(), "localtime"));
    functions.put(
        "strftime/1",
        (in, args, budget) -> format(in, args[0], ZoneOffset.UTC, "strftime/1", budget));
    functions.put(
        "strflocaltime/1",
        (in, args, budget) ->
            format(in, args[0], ZoneId.systemDefault(), "strflocaltime/1", budget));
    functions.put("strptime/1", (in, args, _) -> parse(in, args[0]));
  }

  private static Json broken(Json in, ZoneId zone, String name) {
    if (!(in instanceof JsonNumber number)) {
      throw Values.failure(name + "() requires numeric inputs");
    }
    double seconds = number.doubleValue();
    try {
      ZonedDateTime time = Instant.ofEpochSecond((long) seconds).atZone(zone);
      return fields(time.toLocalDateTime(), seconds - Math.floor(seconds));
    } catch (DateTimeException e) {
      throw Values.failure("error converting number of seconds since epoch to datetime");
    }
  }

  private static JsonArray fields(LocalDateTime time, double fraction) {
    return JsonArray.of(
        Json.of((long) time.getYear()),
        Json.of(time.getMonthValue() - 1L),
        Json.of((long) time.getDayOfMonth()),
        Json.of((long) time.getHour()),
        Json.of((long) time.getMinute()),
        JsonNumber.of(time.getSecond() + fraction),
        Json.of((long) time.getDayOfWeek().getValue() % 7),
        Json.of(time.getDayOfYear() - 1L));
  }

  private static LocalDateTime time(Json in, String name) {
    if (!(in instanceof JsonArray array)) {
      throw Values.failure(name + " requires array of 6 numbers");
    }
    long[] parts = {EARLIEST_YEAR, 0, 0, 0, 0, 0, 0, 0};
    for (int i = 0; i < Math.min(parts.length, array.size()); i++) {
      if (!(array.get(i) instanceof JsonNumber number) || Double.isNaN(number.doubleValue())) {
        throw Values.failure(name + " requires parsed datetime inputs");
      }
      parts[i] = (long) number.doubleValue();
    }
    if (isPlain(parts)) {
      return LocalDateTime.of(
          (int) parts[0],
          (int) parts[1] + 1,
          (int) parts[2],
          (int) parts[3],
          (int) parts[4],
          (int) parts[5]);
    }
    try {
      return LocalDateTime.of((int) parts[0], 1, 1, 0, 0)
          .plusMonths(parts[1])
          .plusDays(parts[2] - 1)
          .plusHours(parts[3])
          .plusMinutes(parts[4])
          .plusSeconds(parts[5]);
    } catch (DateTimeException | ArithmeticException e) {
      throw Values.failure("invalid gmtime representation");
    }
  }

  /// True when every part is in its range, whatever the month.
  private static boolean isPlain(long[] parts) {
    return isIn(parts[0], 0, 9_999)
        && isIn(parts[1], 0, 11)
        && isIn(parts[2], 1, 28)
        && isIn(parts[3], 0, 23)
        && isIn(parts[4], 0, 59)
        && isIn(parts[5], 0, 59);
  }

  private static boolean isIn(long value, long min, long max) {
    return value >= min && value <= max;
  }

  /// The two seconds before the epoch are jq's words for errors.
  private static Json mktime(Json in) {
    if (!(in instanceof JsonArray)) {
      throw Values.failure("mktime requires array inputs");
    }
    long seconds = time(in, "mktime").toEpochSecond(ZoneOffset.UTC);
    if (seconds == -1) {
      throw Values.failure("invalid gmtime representation");
    }
    if (seconds == -2) {
      throw Values.failure("mktime not supported on this platform");
    }
    return Json.of(seconds);
  }

  private static Json format(Json in, Json format, ZoneId zone, String name, Budget budget) {
    Json broken = in instanceof JsonNumber ? broken(in, zone, "gmtime") : in;
    if (!(broken instanceof JsonArray)) {
      throw Values.failure(name + " requires parsed datetime inputs");
    }
    if (!(format instanceof JsonString text)) {
      throw Values.failure(name + " requires a string format");
    }
    budget.work(text.value().length());
    budget.size(64L * text.value().length());
    return Json.of(format(time(broken, name).atZone(zone), text.value()));
  }

  private static String format(ZonedDateTime time, String format) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char field = format.charAt(++i);
      switch (field) {
        case 'm' -> two(time.getMonthValue(), out);
        case 'd' -> two(time.getDayOfMonth(), out);
        case 'H' -> two(time.getHour(), out);
        case 'M' -> two(time.getMinute(), out);
        case 'S' -> two(time.getSecond(), out);
        default -> out.append(field(time, field));
      }
    }
    return out.toString();
  }

  private static String field(ZonedDateTime time, char field) {
    return switch (field) {
      case 'Y' -> Integer.toString(time.getYear());
      case 'C' -> two(time.getYear() / 100);
      case 'y' -> two(time.getYear() % 100);
      case 'm' -> two(time.getMonthValue());
      case 'd' -> two(time.getDayOfMonth());
      case 'e' -> String.format("%2d", time.getDayOfMonth());
      case 'H' -> two(time.getHour());
      case 'I' -> two((time.getHour() + 11) % 12 + 1);
      case 'k' -> String.format("%2d", time.getHour());
      case 'l' -> String.format("%2d", (time.getHour() + 11) % 12 + 1);
      case 'M' -> two(time.getMinute());
      case 'S' -> two(time.getSecond());
      case 'Z' -> zone(time);
      case 'z' -> offset(time);
      case 'j' -> String.format("%03d", time.getDayOfYear());
      case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 's' -> Long.toString(time.toEpochSecond());
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
      case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'U' -> two((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> two((time.getDayOfYear() + 6 - (time.getDayOfWeek().getValue() + 6) % 7) / 7);
      case 'T' -> format(time, "%H:%M:%S");
      case 'R' -> format(time, "%H:%M");
      case 'r' -> format(time, "%I:%M:%S %p");
      case 'D', 'x' -> format(time, "%m/%d/%y");
      case 'F' -> format(time, "%Y-%m-%d");
      case 'X' -> format(time, "%H:%M:%S");
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> "%" + field;
    };
  }

  private static void two(int number, StringBuilder out) {
    out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  private static String two(int number) {
    return (number < 10 ? "0" : "") + number;
  }

  private static String zone(ZonedDateTime time) {
    boolean isUtc = time.getZone().equals(ZoneOffset.UTC);
    return isUtc
        ? "UTC"
        : java.time.format.DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH).format(time);
  }

  private static String offset(ZonedDateTime time) {
    int minutes = time.getOffset().getTotalSeconds() / 60;
    return (minutes < 0 ? "-" : "+") + two(Math.abs(minutes) / 60) + two(Math.abs(minutes) % 60);
  }

  private static Json parse(Json in, Json format) {
    if (!(in instanceof JsonString text)) {
      throw Values.failure("strptime/1 requires string inputs and arguments");
    }
    if (!(format instanceof JsonString pattern)) {
      throw Values.failure("strptime/1 requires string inputs and arguments");
    }
    TimeReader reader = new TimeReader(text.value());
    if (!reader.read(pattern.value()) || !reader.isAtEnd()) {
      throw Values.failure(
          "date \"" + text.value() + "\" does not match format \"" + pattern.value() + "\"");
    }
    return fields(reader.time(), 0);
  }

  /// Reads a time as `strptime` does.
  private static final class TimeReader {
    private final String text;
    private int at;
    private int year = EARLIEST_YEAR;
    private int month = 1;
    private int day = 1;
    private int dayOfYear;
    private int hour;
    private int minute;
    private int second;
    private boolean isAfternoon;
    private boolean isTwelve;
    private Long epoch;

    TimeReader(String text) {
      this.text = text;
    }

    boolean isAtEnd() {
      return at == text.length();
    }

    LocalDateTime time() {
      if (epoch != null) {
        return LocalDateTime.ofEpochSecond(epoch, 0, ZoneOffset.UTC);
      }
      try {
        int hours = isTwelve ? hour % 12 + (isAfternoon ? 12 : 0) : hour;
        LocalDate date =
            dayOfYear > 0 ? LocalDate.ofYearDay(year, dayOfYear) : LocalDate.of(year, month, 1);
        return date.plusDays(dayOfYear > 0 ? 0 : day - 1)
            .atTime(hours, minute, Math.min(second, 59))
            .plusSeconds(second > 59 ? 1 : 0);
      } catch (DateTimeException e) {
        throw Values.failure("date \"" + text + "\" is not a valid date");
      }
    }

    boolean read(String format) {
      for (int i = 0; i < format.length(); i++) {
        char c = format.charAt(i);
        if (Character.isWhitespace(c)) {
          blanks();
        } else if (c != '%' || i + 1 == format.length()) {
          if (at >= text.length() || text.charAt(at++) != c) {
            return false;
          }
        } else if (!field(format.charAt(++i))) {
          return false;
        }
      }
      return true;
    }

    private void blanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private boolean field(char field) {
      return switch (field) {
        case 'Y' -> number(4, 0, 9999, n -> year = n);
        case 'y' -> number(2, 0, 99, n -> year = n < 69 ? 2000 + n : 1900 + n);
        case 'm' -> number(2, 1, 12, n -> month = n);
        case 'd', 'e' -> number(2, 1, 31, n -> day = n);
        case 'H', 'k' -> number(2, 0, 23, n -> hour = n);
        case 'I', 'l' -> {
          isTwelve = true;
          yield number(2, 1, 12, n -> hour = n);
        }
        case 'M' -> number(2, 0, 59, n -> minute = n);
        case 'S' -> number(2, 0, 60, n -> second = n);
        case 'j' -> number(3, 1, 366, n -> dayOfYear = n);
        case 'u', 'w' -> number(1, 0, 7, _ -> {});
        case 'U', 'W', 'V' -> number(2, 0, 53, _ -> {});
        case 'p', 'P' -> name(List.of("AM", "PM"), n -> isAfternoon = n == 1);
        case 'a', 'A' -> name(days(), _ -> {});
        case 'b', 'B', 'h' -> name(months(), n -> month = n % 12 + 1);
        case 'T' -> read("%H:%M:%S");
        case 'R' -> read("%H:%M");
        case 'D' -> read("%m/%d/%y");
        case 'F' -> read("%Y-%m-%d");
        case 'c' -> read("%a %b %e %H:%M:%S %Y");
        case 'Z' -> zoneName();
        case 'z' -> offset();
        case 's' -> seconds();
        case '%' -> at < text.length() && text.charAt(at++) == '%';
        case 'n', 't' -> {
          blanks();
          yield true;
        }
        default -> false;
      };
    }

    private boolean number(int width, int min, int max, java.util.function.IntConsumer set) {
      blanks();
      int start = at;
      int value = 0;
      while (at < text.length() && at - start < width && Character.isDigit(text.charAt(at))) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      if (at == start || value < min || value > max) {
        return false;
      }
      set.accept(value);
      return true;
    }

    private boolean name(List<String> names, java.util.function.IntConsumer set) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        if (text.regionMatches(true, at, name, 0, name.length())) {
          at += name.length();
          set.accept(i);
          return true;
        }
      }
      return false;
    }

    private static List<String> days() {
      List<String> names = new ArrayList<>();
      for (TextStyle style : List.of(TextStyle.FULL, TextStyle.SHORT)) {
        for (DayOfWeek day : DayOfWeek.values()) {
          names.add(day.getDisplayName(style, Locale.ENGLISH));
        }
      }
      return names;
    }

    private static List<String> months() {
      List<String> names = new ArrayList<>();
      for (TextStyle style : List.of(TextStyle.FULL, TextStyle.SHORT)) {
        for (java.time.Month month : java.time.Month.values()) {
          names.add(month.getDisplayName(style, Locale.ENGLISH));
        }
      }
      return names;
    }

    private boolean zoneName() {
      int start = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      return at > start;
    }

    private boolean offset() {
      if (at < text.length() && text.charAt(at) == 'Z') {
        at++;
        return true;
      }
      if (at >= text.length() || "+-".indexOf(text.charAt(at)) < 0) {
        return false;
      }
      at++;
      boolean hasHours = number(2, 0, 23, _ -> {});
      if (at < text.length() && text.charAt(at) == ':') {
        at++;
      }
      return hasHours && number(2, 0, 59, _ -> {});
    }

    private boolean seconds() {
      int start = at;
      while (at < text.length() && at - start < 15 && Character.isDigit(text.charAt(at))) {
        at++;
      }
      if (at == start) {
        return false;
      }
      epoch = Long.parseLong(text.substring(start, at));
      return true;
    }
  }
}
