package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What builtins do with text.
final class Strings {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

  private Strings() {}

  static JsonArray split(String text, String separator) {
    List<Json> parts = new ArrayList<>();
    if (text.isEmpty()) {
      return JsonArray.EMPTY;
    }
    if (separator.isEmpty()) {
      text.codePoints().forEach(c -> parts.add(Json.of(Character.toString(c))));
      return JsonArray.of(parts);
    }
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(Json.of(text.substring(from, at)));
      from = at + separator.length();
    }
    parts.add(Json.of(text.substring(from)));
    return JsonArray.of(parts);
  }

  /// The places where `wanted` begins in `value`, in code points for strings.
  static Json indices(Json value, Json wanted) {
    if (value == Json.NULL) {
      return Json.NULL;
    }
    if (value instanceof JsonString text && wanted instanceof JsonString part) {
      return indices(text.value(), part.value());
    }
    if (!(value instanceof JsonArray array)) {
      return Values.index(value, wanted);
    }
    List<Json> found = new ArrayList<>();
    List<Json> part = wanted instanceof JsonArray list ? list.toList() : List.of(wanted);
    if (part.isEmpty()) {
      return Json.NULL;
    }
    for (int i = 0; i + part.size() <= array.size(); i++) {
      if (startsAt(array, i, part)) {
        found.add(JsonNumber.of((long) i));
      }
    }
    return JsonArray.of(found);
  }

  private static boolean startsAt(JsonArray array, int at, List<Json> part) {
    for (int i = 0; i < part.size(); i++) {
      if (Order.compare(array.get(at + i), part.get(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Json indices(String text, String part) {
    if (part.isEmpty()) {
      return Json.NULL;
    }
    List<Json> found = new ArrayList<>();
    int counted = 0;
    int points = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      points += text.codePointCount(counted, at);
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
      return JsonNumber.literal(text.value());
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

  static Json implode(Json value) {
    if (!(value instanceof JsonArray codes)) {
      throw Values.failure("implode input must be an array");
    }
    StringBuilder text = new StringBuilder();
    for (Json code : codes) {
      if (!(code instanceof JsonNumber number)) {
        throw Values.failure("Unicode codepoint must be numeric");
      }
      double point = number.doubleValue();
      boolean isValid = point >= 0 && point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF);
      text.appendCodePoint(isValid ? (int) point : 0xFFFD);
    }
    return Json.of(text.toString());
  }

  static Json explode(Json value) {
    if (!(value instanceof JsonString text)) {
      throw Values.failure(Values.describe(value) + " cannot be exploded");
    }
    List<Json> codes = new ArrayList<>();
    text.value().codePoints().forEach(c -> codes.add(JsonNumber.of((long) c)));
    return JsonArray.of(codes);
  }

  static Json join(Json value, Json separator, Budget budget) {
    List<Json> parts = new ArrayList<>();
    Values.elements(value).forEachRemaining(parts::add);
    JsonArray array = JsonArray.of(parts);
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
      budget.size(2L * text.length());
    }
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
    text = left ? text.stripLeading() : text;
    return Json.of(right ? text.stripTrailing() : text);
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

  static Json contains(Json value, Json part, int depth) {
    if (depth > Limits.PARSE_DEPTH_MAX) {
      throw Values.failure("Containment check too deep");
    }
    if (value instanceof JsonObject a && part instanceof JsonObject b) {
      for (Map.Entry<String, Json> member : b) {
        Json mine = a.get(member.getKey());
        if (mine == null || contains(mine, member.getValue(), depth + 1) == Json.FALSE) {
          return Json.FALSE;
        }
      }
      return Json.TRUE;
    }
    if (value instanceof JsonArray a && part instanceof JsonArray b) {
      for (Json wanted : b) {
        boolean isIn = false;
        for (Json mine : a) {
          boolean isSameKind = Values.type(mine).equals(Values.type(wanted));
          isIn = isIn || (isSameKind && contains(mine, wanted, depth + 1) == Json.TRUE);
        }
        if (!isIn) {
          return Json.FALSE;
        }
      }
      return Json.TRUE;
    }
    if (value instanceof JsonString a && part instanceof JsonString b) {
      return Json.of(a.value().contains(b.value()));
    }
    if (Values.type(value).equals(Values.type(part))) {
      return Json.of(Order.compare(value, part) == 0);
    }
    throw Values.failure(
        Values.describe(value)
            + " and "
            + Values.describe(part)
            + " cannot have their containment checked");
  }

  static long utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
