package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/// Reads, writes and deletes at paths.
public final class Paths {
  /// The largest array that writing at an index may make.
  private static final int ARRAY_MAX = 536_870_911;

  private Paths() {}

  private static JsonArray keys(Json path) {
    if (!(path instanceof JsonArray keys)) {
      throw Values.failure("Path must be specified as an array");
    }
    if (keys.size() > Limits.VALUE_DEPTH_MAX) {
      throw Values.failure("Path too deep");
    }
    return keys;
  }

  /// The value at `path`; null as soon as the way meets null.
  public static Json get(Json value, Json path, Budget budget) {
    if (!(path instanceof JsonArray)) {
      throw Values.failure("Path must be specified as an array");
    }
    Json at = value;
    for (Json key : keys(path)) {
      if (at == Json.NULL) {
        return Json.NULL;
      }
      at = Values.index(at, key, budget);
    }
    return at;
  }

  public static Json set(Json value, Json path, Json replacement, Budget budget) {
    JsonArray keys = keys(path);
    Deque<Json> way = new ArrayDeque<>();
    Json at = value;
    for (Json key : keys) {
      way.push(at);
      at = Values.index(at, key, budget);
    }
    Json result = replacement;
    for (int i = keys.size() - 1; i >= 0; i--) {
      result = put(way.pop(), keys.get(i), result, budget);
    }
    return result;
  }

  /// `container` with `value` at `key`.
  public static Json put(Json container, Json key, Json value, Budget budget) {
    if (key instanceof JsonString name
        && (container instanceof JsonObject || container == Json.NULL)) {
      JsonObject object = container instanceof JsonObject present ? present : JsonObject.EMPTY;
      budget.size(48L * object.size() + 48);
      budget.work(object.copied() >> 6);
      budget.made(48L * object.copied() + 48);
      return object.with(name.value(), value);
    }
    if (key instanceof JsonNumber index
        && (container instanceof JsonArray || container == Json.NULL)) {
      JsonArray array = container instanceof JsonArray present ? present : JsonArray.EMPTY;
      return putAt(array, index, value, budget);
    }
    if (key instanceof JsonObject range
        && (container instanceof JsonArray || container == Json.NULL)) {
      JsonArray array = container instanceof JsonArray present ? present : JsonArray.EMPTY;
      return putSlice(array, range, value, budget);
    }
    if (key instanceof JsonObject && container instanceof JsonString) {
      throw Values.failure("Cannot update string slices");
    }
    if (key instanceof JsonObject) {
      throw Values.failure("Cannot update field at object index of " + Values.type(container));
    }
    if (key instanceof JsonArray && container instanceof JsonArray) {
      throw Values.failure("Cannot update field at array index of array");
    }
    throw Values.cannotIndex(container, key);
  }

  private static Json putAt(JsonArray array, JsonNumber index, Json value, Budget budget) {
    double number = index.doubleValue();
    if (Double.isNaN(number)) {
      throw Values.failure("Cannot set array element at NaN index");
    }
    double at = Math.floor(number);
    at = at < 0 ? at + array.size() : at;
    if (at < 0) {
      throw Values.failure("Out of bounds negative array index");
    }
    if (at > ARRAY_MAX) {
      throw Values.failure("Array index too large");
    }
    budget.size(8L * Math.max((long) at, array.size()));
    budget.work(array.copied() >> 6);
    budget.made(8L * array.copied() + 48);
    if (at < array.size()) {
      return array.with((int) at, value);
    }
    if (at == array.size()) {
      return array.plus(value);
    }
    budget.work((long) at >> 4);
    budget.made(8L * (long) at);
    Json[] longer = Arrays.copyOf(array.toArray(), (int) at + 1);
    Arrays.fill(longer, array.size(), (int) at, Json.NULL);
    longer[(int) at] = value;
    return JsonArray.taking(longer, longer.length);
  }

  private static Json putSlice(JsonArray array, JsonObject range, Json value, Budget budget) {
    int[] bounds = bounds(array, range);
    if (!(value instanceof JsonArray elements)) {
      throw Values.failure("A slice of an array can only be assigned another array");
    }
    List<Json> result = new ArrayList<>(array.toList().subList(0, bounds[0]));
    result.addAll(elements.toList());
    result.addAll(array.toList().subList(bounds[1], array.size()));
    budget.build(8L * result.size());
    return JsonArray.of(result);
  }

  private static int[] bounds(JsonArray array, JsonObject range) {
    if (!range.has("start") || !range.has("end")) {
      throw Values.failure("Array/string slice indices must be integers");
    }
    return Values.range(
        array.size(), Values.orNull(range.get("start")), Values.orNull(range.get("end")));
  }

  /// Deletes all `paths`, the last one first so that indices stay true.
  public static Json delete(Json value, Json paths, Budget budget) {
    if (!(paths instanceof JsonArray list)) {
      throw Values.failure("Paths must be specified as an array");
    }
    List<Json> sorted = new ArrayList<>(list.toList());
    for (Json path : sorted) {
      if (!(path instanceof JsonArray)) {
        throw Values.failure("Path must be specified as array, not " + Values.type(path));
      }
    }
    sorted.sort((a, b) -> Order.compare(b, a, budget));
    Json result = value;
    for (int i = 0; i < sorted.size(); ) {
      int end = i + 1;
      while (end < sorted.size() && isBeside(sorted.get(i), sorted.get(end), budget)) {
        end++;
      }
      result = delete(result, sorted.subList(i, end), budget);
      i = end;
    }
    return result;
  }

  /// True when both paths end in the same container.
  private static boolean isBeside(Json a, Json b, Budget budget) {
    JsonArray left = (JsonArray) a;
    JsonArray right = (JsonArray) b;
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size() - 1; i++) {
      if (Order.compare(left.get(i), right.get(i), budget) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Deletes paths that end in one container; indices mean places in it as it is.
  private static Json delete(Json value, List<Json> paths, Budget budget) {
    JsonArray keys = keys(paths.getFirst());
    if (keys.isEmpty()) {
      return Json.NULL;
    }
    Deque<Json> way = new ArrayDeque<>();
    Json at = value;
    for (int i = 0; i < keys.size() - 1; i++) {
      if (at == Json.NULL) {
        return value;
      }
      way.push(at);
      at = Values.index(at, keys.get(i), budget);
    }
    if (at == Json.NULL) {
      return value;
    }
    List<Json> last = paths.stream().map(path -> ((JsonArray) path).get(keys.size() - 1)).toList();
    Json result = remove(at, last, budget);
    for (int i = keys.size() - 2; i >= 0; i--) {
      result = put(way.pop(), keys.get(i), result, budget);
    }
    return result;
  }

  private static Json remove(Json container, List<Json> keys, Budget budget) {
    if (container instanceof JsonObject object) {
      budget.work(keys.size() + (object.size() >> 4));
      budget.build(48L * object.size());
      JsonObject.Builder rest = object.toBuilder();
      for (Json key : keys) {
        if (!(key instanceof JsonString name)) {
          throw Values.failure(cannotDelete(container, key));
        }
        rest.remove(name.value());
      }
      return rest.build();
    }
    if (container instanceof JsonArray array) {
      return removeAt(array, keys, budget);
    }
    throw Values.failure(cannotDelete(container, keys.getFirst()));
  }

  private static Json removeAt(JsonArray array, List<Json> keys, Budget budget) {
    BitSet gone = new BitSet();
    for (Json key : keys) {
      switch (key) {
        case JsonNumber number -> {
          double at = Math.floor(number.doubleValue());
          at = at < 0 ? at + array.size() : at;
          if (at >= 0 && at < array.size()) {
            gone.set((int) at);
          }
        }
        case JsonObject range -> {
          int[] bounds = bounds(array, range);
          gone.set(bounds[0], bounds[1]);
        }
        default -> throw Values.failure(cannotDelete(array, key));
      }
    }
    budget.work(array.size() + (long) keys.size());
    budget.build(8L * array.size());
    List<Json> rest = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (!gone.get(i)) {
        rest.add(array.get(i));
      }
    }
    return JsonArray.of(rest);
  }

  private static String cannotDelete(Json container, Json key) {
    return switch (container) {
      case JsonObject _ -> "Cannot delete " + Values.type(key) + " field of object";
      case JsonArray _ -> "Cannot delete " + Values.type(key) + " element of array";
      default -> "Cannot delete fields from " + Values.type(container);
    };
  }
}
