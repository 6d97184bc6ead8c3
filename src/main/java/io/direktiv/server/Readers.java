package io.direktiv.server;

import io.direktiv.api.Address;
import io.direktiv.functions.docker.EngineAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How texts become values of settings. Every refusal says what is allowed.
final class Readers {
  private static final String OFF = "off";
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,18}) ?(B|KiB|MiB|GiB|TiB)?", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> SHIFTS =
      Map.of("b", 0, "kib", 10, "mib", 20, "gib", 30, "tib", 40);

  private Readers() {}

  static String text(String text) {
    return text;
  }

  static Optional<String> optionalText(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  static Path path(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException _) {
      // Refused below.
    }
    throw new IllegalArgumentException("a path");
  }

  static Optional<Path> optionalPath(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(path(text));
  }

  /// Words in lower case with commas between them.
  static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /// Absolute folders with commas between them.
  static List<Path> folders(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(folder -> !folder.isEmpty())
        .map(Readers::absolute)
        .toList();
  }

  private static Path absolute(String text) {
    Path folder = path(text);
    if (!folder.isAbsolute()) {
      throw new IllegalArgumentException("absolute paths with commas between them");
    }
    return folder;
  }

  static Address address(String text) {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("an address HOST:PORT such as 127.0.0.1:8080", e);
    }
  }

  /// Where a container engine listens, as text.
  static Optional<String> engine(String text) {
    if (text.isBlank() || EngineAddress.isUsable(text)) {
      return optionalText(text);
    }
    throw new IllegalArgumentException("unix:///PATH or tcp://HOST:PORT");
  }

  static Boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes" -> true;
      case "false", OFF, "no" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  /// A whole number of `min` to `max`.
  static Setting.Reader<Integer> number(int min, int max) {
    return text -> {
      try {
        int value = Integer.parseInt(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException _) {
        // Refused below.
      }
      throw new IllegalArgumentException("a whole number from " + min + " to " + max);
    };
  }

  /// Bytes, at least `min`.
  static Setting.Reader<Long> bytes(long min) {
    return text -> {
      Matcher matcher = SIZE.matcher(text.strip());
      if (matcher.matches()) {
        String unit = matcher.group(2) == null ? "b" : matcher.group(2).toLowerCase(Locale.ROOT);
        long count = Long.parseLong(matcher.group(1));
        int shift = SHIFTS.get(unit);
        if (count <= Long.MAX_VALUE >> shift && count << shift >= min) {
          return count << shift;
        }
      }
      throw new IllegalArgumentException(
          "a size such as 64KiB, 16MiB or 10GiB" + (min == 0 ? "" : " of at least " + size(min)));
    };
  }

  /// 0 for none, or what `reader` reads.
  static Setting.Reader<Long> noneOr(Setting.Reader<Long> reader) {
    return text -> text.strip().equals("0") ? 0L : reader.read(text);
  }

  /// A size in the largest unit in which it is a whole number.
  private static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = Math.min(Long.numberOfTrailingZeros(bytes) / 10, units.length - 1);
    return (bytes >> 10 * unit) + units[unit];
  }

  /// A length of time that is more than nothing.
  static Duration duration(String text) {
    Duration value = parseDuration(text.strip());
    if (value.isPositive()) {
      return value;
    }
    throw noDuration();
  }

  static Optional<Duration> durationOrOff(String text) {
    try {
      return text.equalsIgnoreCase(OFF) ? Optional.empty() : Optional.of(duration(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", or off", e);
    }
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException _) {
        throw noDuration();
      }
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static IllegalArgumentException noDuration() {
    return new IllegalArgumentException("a length of time such as 500ms, 10s, 15m, 12h, 7d or P7D");
  }

  /// One of the constants of an enum, in lower case.
  static <E extends Enum<E>> Setting.Reader<E> word(Class<E> type) {
    return text -> {
      for (E constant : type.getEnumConstants()) {
        if (word(constant).equals(text.toLowerCase(Locale.ROOT))) {
          return constant;
        }
      }
      throw new IllegalArgumentException(
          Arrays.stream(type.getEnumConstants())
              .map(Readers::word)
              .collect(Collectors.joining(" or ")));
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
