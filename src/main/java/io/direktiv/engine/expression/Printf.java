package io.direktiv.engine.expression;

import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Formats messages of `error` states as Go's `fmt` does for JSON values.
public final class Printf {
  private static final int PRECISION_MAX = 100;
  private static final int WIDTH_MAX = 200;
  private static final int DIGITS_MAX = 1_000;
  private static final Pattern FLAGS = Pattern.compile("([-+# 0]*)(\\d*)(?:\\.\\d*)?");

  private Printf() {}

  /// The message that `format` makes of `args`.
  public static String format(String format, List<Json> args) {
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int end = i + 1;
      while (end < format.length() && "+-# 0123456789.".indexOf(format.charAt(end)) >= 0) {
        end++;
      }
      if (end == format.length()) {
        return out.append("%!(NOVERB)").toString();
      }
      char verb = format.charAt(end);
      if (verb == '%') {
        out.append('%');
      } else if (next >= args.size()) {
        out.append("%!").append(verb).append("(MISSING)");
      } else {
        String flags = format.substring(i + 1, end);
        out.append(padded(flags, verb, value(verb, flags, args.get(next++))));
      }
      i = end;
    }
    return out.toString();
  }

  private static String value(char verb, String flags, Json arg) {
    String plain = arg instanceof JsonString string ? string.value() : arg.toString();
    return switch (verb) {
      case 's', 'v' -> plain;
      case 'q' -> Json.of(plain).toString();
      case 'd' ->
          arg instanceof JsonNumber number
              ? plain(number, 0, RoundingMode.DOWN)
              : mismatch(verb, plain);
      case 'f', 'F' ->
          arg instanceof JsonNumber number
              ? plain(number, precision(flags), RoundingMode.HALF_EVEN)
              : mismatch(verb, plain);
      case 'g', 'e' -> arg instanceof JsonNumber ? plain : mismatch(verb, plain);
      case 't' -> arg == Json.TRUE || arg == Json.FALSE ? plain : mismatch(verb, plain);
      case 'x' ->
          arg instanceof JsonNumber number
              ? Long.toHexString(number.longValue())
              : java.util.HexFormat.of()
                  .formatHex(plain.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      default -> mismatch(verb, plain);
    };
  }

  /// The number without an exponent; one of very many digits stays as it is written, since a few
  /// characters such as `1e999999999` would become a text of gigabytes.
  private static String plain(JsonNumber number, int scale, RoundingMode rounding) {
    BigDecimal exact = new BigDecimal(number.toString());
    long digits = (long) exact.precision() - exact.scale();
    return digits > DIGITS_MAX
        ? number.toString()
        : exact.setScale(scale, rounding).toPlainString();
  }

  /// Fills `text` up to the width in `flags`: on the left, on the right after `-`, with zeros after
  /// `0`; a number above zero gets its sign after `+`.
  private static String padded(String flags, char verb, String text) {
    Matcher shape = FLAGS.matcher(flags);
    if (!shape.matches()) {
      return text;
    }
    boolean isNumber = "dfFge".indexOf(verb) >= 0;
    boolean isSigned = isNumber && shape.group(1).contains("+") && !text.startsWith("-");
    String whole = isSigned ? "+" + text : text;
    String digits = shape.group(2);
    int width = digits.isEmpty() ? 0 : digits.length() > 3 ? WIDTH_MAX : Integer.parseInt(digits);
    int missing = Math.min(width, WIDTH_MAX) - whole.codePointCount(0, whole.length());
    if (missing <= 0) {
      return whole;
    }
    if (shape.group(1).contains("-")) {
      return whole + " ".repeat(missing);
    }
    if (isNumber && shape.group(1).contains("0")) {
      int sign = whole.startsWith("-") || whole.startsWith("+") ? 1 : 0;
      return whole.substring(0, sign) + "0".repeat(missing) + whole.substring(sign);
    }
    return " ".repeat(missing) + whole;
  }

  private static int precision(String flags) {
    int dot = flags.indexOf('.');
    if (dot < 0) {
      return 6;
    }
    String digits = flags.substring(dot + 1);
    return digits.isEmpty() || digits.length() > 3
        ? 0
        : Math.min(PRECISION_MAX, Integer.parseInt(digits.replaceAll("\\D", "0")));
  }

  private static String mismatch(char verb, String plain) {
    return "%!" + verb + "(" + plain + ")";
  }
}
