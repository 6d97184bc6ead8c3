package io.direktiv.jq.builtins;

import io.direktiv.jq.QueryException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// What jq's operators do with values, and how its messages speak of them.
public final class Values {
  /// The bytes of a value in a message (jq 1.8: 30 with the closing zero).
  private static final int MESSAGE_BYTES_MAX = 29;

  /// The longest message of an error in characters.
  private static final int MESSAGE_CHARS_MAX = 4_096;

  private Values() {}

  /// A binary operator.
  public interface Operator {
    Json apply(Json left, Json right, Budget budget);
  }

  public static Operator operator(String name) {
    return switch (name) {
      case "+" -> Values::add;
      case "-" -> Values::subtract;
      case "*" -> Values::multiply;
      case "/" -> Values::divide;
      case "%" -> (left, right, _) -> remainder(left, right);
      case "==" -> (left, right, budget) -> Json.of(Order.isEqual(left, right, budget));
      case "!=" -> (left, right, budget) -> Json.of(!Order.isEqual(left, right, budget));
      case "<" -> (left, right, budget) -> Json.of(Order.compare(left, right, budget) < 0);
      case "<=" -> (left, right, budget) -> Json.of(Order.compare(left, right, budget) <= 0);
      case ">" -> (left, right, budget) -> Json.of(Order.compare(left, right, budget) > 0);
      case ">=" -> (left, right, budget) -> Json.of(Order.compare(left, right, budget) >= 0);
      default -> throw new IllegalArgumentException(name);
    };
  }

  public static boolean isTruthy(Json value) {
    return value != Json.NULL && value != Json.FALSE;
  }

  public static String type(Json value) {
    return switch (value) {
      case JsonNull _ -> "null";
      case JsonBoolean _ -> "boolean";
      case JsonNumber _ -> "number";
      case JsonString _ -> "string";
      case JsonArray _ -> "array";
      case JsonObject _ -> "object";
    };
  }

  /// The value as messages show it: whole when short, else cut.
  public static String shorten(Json value) {
    String text = JsonWriter.beginning(value, 4 * MESSAGE_BYTES_MAX);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MESSAGE_BYTES_MAX) {
      return text;
    }
    char last = text.charAt(0);
    String close = last == '"' ? "\"" : last == '[' ? "]" : last == '{' ? "}" : "";
    int keep = MESSAGE_BYTES_MAX - 3 - close.length();
    while (keep > 0 && (bytes[keep] & 0xC0) == 0x80) {
      keep--;
    }
    return new String(bytes, 0, keep, StandardCharsets.UTF_8) + "..." + close;
  }

  /// `type (value)`, as in jq's messages.
  public static String describe(Json value) {
    return type(value) + " (" + shorten(value) + ")";
  }

  /// The error that `error` raises with `value`.
  public static QueryException error(Json value) {
    String message =
        switch (value) {
          case JsonString string -> cut(string.value());
          case JsonNull _ -> "null (null) not a string";
          case JsonObject _, JsonArray _, JsonNumber _, JsonBoolean _ ->
              cut(JsonWriter.beginning(value, MESSAGE_CHARS_MAX + 1)) + " (not a string)";
        };
    return new QueryException(message, value);
  }

  private static String cut(String message) {
    return message.length() <= MESSAGE_CHARS_MAX
        ? message
        : message.substring(0, MESSAGE_CHARS_MAX - 3) + "...";
  }

  public static QueryException failure(String message) {
    String bounded = cut(message);
    return new QueryException(bounded, Json.of(bounded));
  }

  private static QueryException failure(Json left, Json right, String what) {
    return failure(describe(left) + " and " + describe(right) + " " + what);
  }

  public static QueryException cannotIndex(Json value, Json key) {
    if (key instanceof JsonString && !(value instanceof JsonArray)) {
      return failure("Cannot index " + type(value) + " with " + describe(key));
    }
    return failure("Cannot index " + type(value) + " with " + describe(key));
  }

  public static String key(Json key) {
    if (key instanceof JsonString string) {
      return string.value();
    }
    throw failure("Cannot use " + describe(key) + " as object key");
  }

  // ---- access ----

  public static Json index(Json value, Json key, Budget budget) {
    return switch (value) {
      case JsonObject object when key instanceof JsonString name ->
          orNull(object.get(name.value()));
      case JsonArray array when key instanceof JsonNumber number -> element(array, number);
      case JsonArray array when key instanceof JsonObject range -> slice(array, range, budget);
      case JsonArray array when key instanceof JsonArray wanted ->
          Strings.indices(array, wanted, budget);
      case JsonString string when key instanceof JsonObject range -> slice(string, range, budget);
      case JsonNull _
          when key instanceof JsonString
              || key instanceof JsonNumber
              || key instanceof JsonObject ->
          Json.NULL;
      case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _, JsonArray _, JsonObject _ ->
          throw cannotIndex(value, key);
    };
  }

  private static Json slice(Json value, JsonObject range, Budget budget) {
    if (!range.has("start") || !range.has("end")) {
      throw failure("Array/string slice indices must be integers");
    }
    return slice(value, orNull(range.get("start")), orNull(range.get("end")), budget);
  }

  public static Json orNull(Json value) {
    return value == null ? Json.NULL : value;
  }

  private static Json element(JsonArray array, JsonNumber number) {
    double at = Math.floor(number.doubleValue());
    if (Double.isNaN(at)) {
      return Json.NULL;
    }
    double index = at < 0 ? at + array.size() : at;
    return index < 0 || index >= array.size() ? Json.NULL : array.get((int) index);
  }

  public static Json slice(Json value, Json from, Json to, Budget budget) {
    return switch (value) {
      case JsonNull _ -> Json.NULL;
      case JsonArray array -> {
        int[] range = range(array.size(), from, to);
        budget.build(8L * (range[1] - range[0]));
        yield array.slice(range[0], range[1]);
      }
      case JsonString string -> {
        String text = string.value();
        int[] range = range(text.codePointCount(0, text.length()), from, to);
        budget.work(text.length() >> 6);
        budget.build(2L * (range[1] - range[0]));
        int start = text.offsetByCodePoints(0, range[0]);
        yield Json.of(text.substring(start, text.offsetByCodePoints(start, range[1] - range[0])));
      }
      case JsonBoolean _, JsonNumber _, JsonObject _ ->
          throw cannotIndex(value, JsonObject.builder().put("start", from).put("end", to).build());
    };
  }

  /// The range of a slice as indices, `0 <= from <= to <= length`.
  public static int[] range(int length, Json from, Json to) {
    if (!isBound(from) || !isBound(to)) {
      throw failure("Array/string slice indices must be integers");
    }
    double start = from instanceof JsonNumber number ? number.doubleValue() : 0;
    double end = to instanceof JsonNumber number ? number.doubleValue() : length;
    start = Double.isNaN(start) ? 0 : start;
    end = Double.isNaN(end) ? length : end;
    start = start < 0 ? start + length : start;
    end = end < 0 ? end + length : end;
    int first = (int) Math.clamp(Math.floor(start), 0, length);
    int last = (int) Math.clamp(Math.ceil(end), first, Math.max(first, length));
    return new int[] {first, last};
  }

  private static boolean isBound(Json value) {
    return value == Json.NULL || value instanceof JsonNumber;
  }

  public static Iterator<Json> elements(Json value) {
    return switch (value) {
      case JsonArray array -> array.iterator();
      case JsonObject object -> object.toMap().values().iterator();
      case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _ -> throw cannotIterate(value);
    };
  }

  /// The keys or indices with their elements.
  public static Iterator<Map.Entry<Json, Json>> entries(Json value) {
    List<Map.Entry<Json, Json>> entries = new ArrayList<>();
    switch (value) {
      case JsonArray array -> {
        for (int i = 0; i < array.size(); i++) {
          entries.add(Map.entry(JsonNumber.of((long) i), array.get(i)));
        }
      }
      case JsonObject object -> {
        for (Map.Entry<String, Json> member : object) {
          entries.add(Map.entry(Json.of(member.getKey()), member.getValue()));
        }
      }
      case JsonNull _ -> throw cannotIterate(value);
      case JsonBoolean _, JsonNumber _, JsonString _ -> throw cannotIterate(value);
    }
    return entries.iterator();
  }

  public static QueryException cannotIterate(Json value) {
    return failure("Cannot iterate over " + describe(value));
  }

  // ---- arithmetic ----

  public static Json add(Json left, Json right, Budget budget) {
    if (left == Json.NULL) {
      return right;
    }
    if (right == Json.NULL) {
      return left;
    }
    return switch (left) {
      case JsonNumber a when right instanceof JsonNumber b ->
          JsonNumber.of(a.doubleValue() + b.doubleValue());
      case JsonString a when right instanceof JsonString b -> {
        budget.build(2L * (a.value().length() + (long) b.value().length()));
        budget.work((a.value().length() + b.value().length()) >> 6);
        yield Json.of(a.value() + b.value());
      }
      case JsonArray a when right instanceof JsonArray b -> plus(a, b, budget);
      case JsonObject a when right instanceof JsonObject b -> merge(a, b, budget);
      case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _, JsonArray _, JsonObject _ ->
          throw failure(left, right, "cannot be added");
    };
  }

  private static JsonArray plus(JsonArray left, JsonArray right, Budget budget) {
    budget.size(8L * (left.size() + (long) right.size()));
    boolean isShort = right.size() <= left.size() >> 5;
    int copied = isShort ? left.copied() : left.size();
    budget.work((copied + right.size()) >> 6);
    budget.made(8L * (copied + (long) right.size()) + 48);
    return left.plusAll(right);
  }

  private static JsonObject merge(JsonObject left, JsonObject right, Budget budget) {
    if (left.isEmpty()) {
      return right;
    }
    budget.work((left.size() + right.size()) >> 3);
    budget.build(48L * (left.size() + (long) right.size()));
    JsonObject.Builder merged = left.toBuilder();
    right.forEach(member -> merged.put(member.getKey(), member.getValue()));
    return merged.build();
  }

  private static Json subtract(Json left, Json right, Budget budget) {
    if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
      return JsonNumber.of(a.doubleValue() - b.doubleValue());
    }
    if (left instanceof JsonArray a && right instanceof JsonArray b) {
      List<Json> rest = new ArrayList<>();
      for (Json element : a) {
        if (!isIn(element, b, budget)) {
          rest.add(element);
        }
      }
      return JsonArray.of(rest);
    }
    throw failure(left, right, "cannot be subtracted");
  }

  private static boolean isIn(Json element, JsonArray array, Budget budget) {
    for (Json other : array) {
      budget.step();
      if (Order.compare(element, other, budget) == 0) {
        return true;
      }
    }
    return false;
  }

  private static Json multiply(Json left, Json right, Budget budget) {
    if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
      return JsonNumber.of(a.doubleValue() * b.doubleValue());
    }
    if (left instanceof JsonString text && right instanceof JsonNumber times) {
      return repeat(text, times, budget);
    }
    if (left instanceof JsonNumber times && right instanceof JsonString text) {
      return repeat(text, times, budget);
    }
    if (left instanceof JsonObject a && right instanceof JsonObject b) {
      return Merging.deep(a, b, budget);
    }
    throw failure(left, right, "cannot be multiplied");
  }

  private static Json repeat(JsonString text, JsonNumber times, Budget budget) {
    double count = times.doubleValue();
    if (Double.isNaN(count) || count < 0) {
      return Json.NULL;
    }
    double copies = Math.floor(count);
    double length = text.value().length() * copies;
    if (length >= Integer.MAX_VALUE) {
      throw failure("Repeat string result too long");
    }
    budget.build((long) (2 * length));
    return Json.of(length == 0 ? "" : text.value().repeat((int) copies));
  }

  private static Json divide(Json left, Json right, Budget budget) {
    if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
      if (b.doubleValue() == 0) {
        throw failure(left, right, "cannot be divided because the divisor is zero");
      }
      return JsonNumber.of(a.doubleValue() / b.doubleValue());
    }
    if (left instanceof JsonString text && right instanceof JsonString separator) {
      return Strings.split(text.value(), separator.value(), budget);
    }
    throw failure(left, right, "cannot be divided");
  }

  private static Json remainder(Json left, Json right) {
    if (!(left instanceof JsonNumber a) || !(right instanceof JsonNumber b)) {
      throw failure(left, right, "cannot be divided (remainder)");
    }
    if (Double.isNaN(a.doubleValue()) || Double.isNaN(b.doubleValue())) {
      return JsonNumber.of(Double.NaN);
    }
    long divisor = (long) b.doubleValue();
    if (divisor == 0) {
      throw failure(left, right, "cannot be divided (remainder) because the divisor is zero");
    }
    long magnitude = divisor == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(divisor);
    return JsonNumber.of((double) ((long) a.doubleValue() % magnitude));
  }

  public static Json negate(Json value) {
    if (value instanceof JsonNumber number) {
      return number.negate();
    }
    throw failure(describe(value) + " cannot be negated");
  }
}
