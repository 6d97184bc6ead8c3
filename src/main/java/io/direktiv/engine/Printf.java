package io.direktiv.engine;

import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/// Formats messages of `error` states as Go's `fmt` does for JSON values.
final class Printf {
  private static final int PRECISION_MAX = 100;

  private Printf() {}

  static String format(String format, List<Json> args) {
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
        out.append(value(verb, format.substring(i + 1, end), args.get(next++)));
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
              ? new BigDecimal(number.toString()).setScale(0, RoundingMode.DOWN).toPlainString()
              : mismatch(verb, plain);
      case 'f', 'F' ->
          arg instanceof JsonNumber number
              ? new BigDecimal(number.toString())
                  .setScale(precision(flags), RoundingMode.HALF_EVEN)
                  .toPlainString()
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
