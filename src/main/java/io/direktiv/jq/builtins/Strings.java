package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What builtins do with text.
final class Strings {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

  private Strings() {}

  static JsonArray split(String text, String separator, Budget budget) {
    List<Json> parts = new ArrayList<>();
    if (text.isEmpty()) {
      return JsonArray.EMPTY;
    }
    if (separator.isEmpty()) {
      budget.build(64L * text.length());
      budget.work(text.length());
      text.codePoints().forEach(c -> parts.add(Json.of(Character.toString(c))));
      return JsonArray.of(parts);
    }
    int from = 0;
    for (int at = Finder.find(text, separator, 0, budget);
        at >= 0;
        at = Finder.find(text, separator, from, budget)) {
      parts.add(Json.of(text.substring(from, at)));
      budget.work(1);
      budget.size(64L * parts.size());
      from = at + separator.length();
    }
    parts.add(Json.of(text.substring(from)));
    budget.made(64L * parts.size() + 2L * text.length());
    return JsonArray.of(parts);
  }

  /// The places where `wanted` begins in `value`, in code points for strings.
  static Json indices(Json value, Json wanted, Budget budget) {
    if (value == Json.NULL) {
      return Json.NULL;
    }
    if (value instanceof JsonString text && wanted instanceof JsonString part) {
      return indices(text.value(), part.value(), budget);
    }
    if (!(value instanceof JsonArray array)) {
      return Values.index(value, wanted, budget);
    }
    List<Json> found = new ArrayList<>();
    List<Json> part = wanted instanceof JsonArray list ? list.toList() : List.of(wanted);
    if (part.isEmpty()) {
      return JsonArray.EMPTY;
    }
    for (int i = 0; i + part.size() <= array.size(); i++) {
      if (startsAt(array, i, part, budget)) {
        found.add(JsonNumber.of((long) i));
      }
    }
    return JsonArray.of(found);
  }

  /// The same for strings alone.
  static Json places(Json value, Json wanted, Budget budget) {
    if (!(value instanceof JsonString text)) {
      throw Values.failure(Values.describe(value) + " cannot be searched, as it is not a string");
    }
    if (!(wanted instanceof JsonString part)) {
      throw Values.failure(Values.describe(wanted) + " is not a string");
    }
    return indices(text.value(), part.value(), budget);
  }

  private static boolean startsAt(JsonArray array, int at, List<Json> part, Budget budget) {
    for (int i = 0; i < part.size(); i++) {
      budget.step();
      if (Order.compare(array.get(at + i), part.get(i), budget) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Json indices(String text, String part, Budget budget) {
    if (part.isEmpty()) {
      return JsonArray.EMPTY;
    }
    List<Json> found = new ArrayList<>();
    int counted = 0;
    int points = 0;
    for (int at = Finder.find(text, part, 0, budget);
        at >= 0;
        at = Finder.find(text, part, at + 1, budget)) {
      points += text.codePointCount(counted, at);
      budget.work(1);
      budget.size(32L * found.size());
      counted = at;
      found.add(JsonNumber.of((long) points));
    }
    return JsonArray.of(found);
  }

  static Json toNumber(Json value) {
    if (value instanceof JsonNumber) {
      return value;
    }
    if (value instanceof JsonString text && NUMBER.matcher(text.value()).matches()) {
      return JsonNumber.literal(
          text.value().startsWith("+") ? text.value().substring(1) : text.value());
    }
    if (value instanceof JsonString text && text.value().equals("nan")) {
      return JsonNumber.of(Double.NaN);
    }
    throw Values.failure(Values.describe(value) + " cannot be parsed as a number");
  }

  static Json toBoolean(Json value) {
    if (value == Json.TRUE || value == Json.FALSE) {
      return value;
    }
    if (value instanceof JsonString text
        && (text.value().equals("true") || text.value().equals("false"))) {
      return Json.of(text.value().equals("true"));
    }
    throw Values.failure(Values.describe(value) + " cannot be parsed as a boolean");
  }

  static Json implode(Json value, Budget budget) {
    if (!(value instanceof JsonArray codes)) {
      throw Values.failure("implode input must be an array");
    }
    budget.work(codes.size());
    budget.build(4L * codes.size());
    StringBuilder text = new StringBuilder();
    for (Json code : codes) {
      if (!(code instanceof JsonNumber number) || Double.isNaN(number.doubleValue())) {
        throw Values.failure(
            Values.describe(code) + " can't be imploded, unicode codepoint needs to be numeric");
      }
      double point = number.doubleValue();
      boolean isValid = point >= 0 && point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF);
      text.appendCodePoint(isValid ? (int) point : 0xFFFD);
    }
    return Json.of(text.toString());
  }

  static Json explode(Json value, Budget budget) {
    if (!(value instanceof JsonString text)) {
      throw Values.failure("explode input must be a string");
    }
    List<Json> codes = new ArrayList<>();
    budget.work(text.value().length());
    budget.build(32L * text.value().length());
    text.value().codePoints().forEach(c -> codes.add(JsonNumber.of((long) c)));
    return JsonArray.of(codes);
  }

  static Json join(Json value, Json separator, Budget budget) {
    if (!(value instanceof JsonArray) && !(value instanceof JsonObject)) {
      throw Values.cannotIterate(value);
    }
    JsonArray array =
        value instanceof JsonArray given
            ? given
            : JsonArray.of(((JsonObject) value).toMap().values());
    if (array.isEmpty()) {
      return Json.of("");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < array.size(); i++) {
      if (i > 0) {
        text.append(((JsonString) joinable(text, separator)).value());
      }
      Json element = array.get(i);
      switch (element) {
        case JsonString string -> text.append(string.value());
        case JsonNumber number -> text.append(number);
        case io.direktiv.json.JsonBoolean bool -> text.append(bool);
        case io.direktiv.json.JsonNull _ -> {}
        case JsonArray _, JsonObject _ ->
            throw Values.failure(
                Values.describe(Json.of(text.toString()))
                    + " and "
                    + Values.describe(element)
                    + " cannot be added");
      }
      budget.step();
      budget.size(2L * text.length());
    }
    budget.made(2L * text.length());
    return Json.of(text.toString());
  }

  private static Json joinable(StringBuilder text, Json separator) {
    if (separator instanceof JsonString) {
      return separator;
    }
    if (separator == Json.NULL) {
      return Json.of("");
    }
    throw Values.failure(
        Values.describe(Json.of(text.toString()))
            + " and "
            + Values.describe(separator)
            + " cannot be added");
  }

  static Json trim(Json value, boolean left, boolean right) {
    if (!(value instanceof JsonString string)) {
      throw Values.failure("trim input must be a string");
    }
    String text = string.value();
    int from = 0;
    int to = text.length();
    while (left && from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (right && to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return Json.of(text.substring(from, to));
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) && c < 0x1C
        || c == ' '
        || c == 0x85
        || Character.isSpaceChar(c);
  }

  static Json cut(Json value, Json part, boolean left, boolean right, String name) {
    if (!(value instanceof JsonString string) || !(part instanceof JsonString cut)) {
      throw Values.failure(
          name.equals("trimstr")
              ? "startswith() requires string inputs"
              : name.equals("ltrimstr")
                  ? "startswith() requires string inputs"
                  : "endswith() requires string inputs");
    }
    String text = string.value();
    if (left && !cut.value().isEmpty() && text.startsWith(cut.value())) {
      text = text.substring(cut.value().length());
    }
    if (right && !cut.value().isEmpty() && text.endsWith(cut.value())) {
      text = text.substring(0, text.length() - cut.value().length());
    }
    return Json.of(text);
  }

  static Json starts(Json value, Json part, boolean atEnd) {
    if (!(value instanceof JsonString text) || !(part instanceof JsonString wanted)) {
      throw Values.failure((atEnd ? "endswith" : "startswith") + "() requires string inputs");
    }
    return Json.of(
        atEnd ? text.value().endsWith(wanted.value()) : text.value().startsWith(wanted.value()));
  }

  static long utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
