package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

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
  public static Json get(Json value, Json path, boolean isTracked) {
    if (!(path instanceof JsonArray)) {
      throw Values.failure("Path must be specified as an array");
    }
    Json at = value;
    for (Json key : keys(path)) {
      if (at == Json.NULL) {
        return Json.NULL;
      }
      at = Values.index(at, key);
    }
    return at;
  }

  public static Json set(Json value, Json path, Json replacement, Budget budget) {
    JsonArray keys = keys(path);
    Deque<Json> way = new ArrayDeque<>();
    Json at = value;
    for (Json key : keys) {
      way.push(at);
      at = Values.index(at, key);
    }
    Json result = replacement;
    for (int i = keys.size() - 1; i >= 0; i--) {
      result = put(way.pop(), keys.get(i), result, budget);
    }
    return result;
  }

  private static Json put(Json container, Json key, Json value, Budget budget) {
    if (key instanceof JsonString name
        && (container instanceof JsonObject || container == Json.NULL)) {
      JsonObject object = container instanceof JsonObject present ? present : JsonObject.EMPTY;
      budget.work(object.size() >> 4);
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
    budget.size((long) at * 16);
    budget.work(array.size() >> 4);
    if (at < array.size()) {
      return array.with((int) at, value);
    }
    List<Json> longer = new ArrayList<>(array.toList());
    while (longer.size() < at) {
      longer.add(Json.NULL);
    }
    longer.add(value);
    return JsonArray.of(longer);
  }

  private static Json putSlice(JsonArray array, JsonObject range, Json value, Budget budget) {
    if (!(value instanceof JsonArray elements)) {
      throw Values.failure("A slice of an array can only be assigned another array");
    }
    int[] bounds = bounds(array, range);
    List<Json> result = new ArrayList<>(array.toList().subList(0, bounds[0]));
    result.addAll(elements.toList());
    result.addAll(array.toList().subList(bounds[1], array.size()));
    budget.size(16L * result.size());
    return JsonArray.of(result);
  }

  private static int[] bounds(JsonArray array, JsonObject range) {
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
        throw Values.failure("Path must be specified as an array");
      }
    }
    sorted.sort((a, b) -> Order.compare(b, a));
    Json result = value;
    for (Json path : sorted) {
      result = delete(result, keys(path), budget);
    }
    return result;
  }

  private static Json delete(Json value, JsonArray keys, Budget budget) {
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
      at = Values.index(at, keys.get(i));
    }
    if (at == Json.NULL) {
      return value;
    }
    Json result = remove(at, keys.get(keys.size() - 1), budget);
    for (int i = keys.size() - 2; i >= 0; i--) {
      result = put(way.pop(), keys.get(i), result, budget);
    }
    return result;
  }

  private static Json remove(Json container, Json key, Budget budget) {
    if (container instanceof JsonObject object && key instanceof JsonString name) {
      budget.work(object.size() >> 4);
      return object.without(name.value());
    }
    if (container instanceof JsonArray array && key instanceof JsonNumber number) {
      double at = Math.floor(number.doubleValue());
      at = at < 0 ? at + array.size() : at;
      if (Double.isNaN(at) || at < 0 || at >= array.size()) {
        return array;
      }
      List<Json> rest = new ArrayList<>(array.toList());
      rest.remove((int) at);
      return JsonArray.of(rest);
    }
    if (container instanceof JsonArray array && key instanceof JsonObject range) {
      int[] bounds = bounds(array, range);
      List<Json> rest = new ArrayList<>(array.toList().subList(0, bounds[0]));
      rest.addAll(array.toList().subList(bounds[1], array.size()));
      return JsonArray.of(rest);
    }
    throw Values.failure(cannotDelete(container, key));
  }

  private static String cannotDelete(Json container, Json key) {
    String where =
        switch (key) {
          case JsonString _ -> "field";
          case JsonNumber _ -> "element";
          default -> Values.type(key);
        };
    if (container instanceof JsonNull) {
      return "Cannot delete " + where + " of null";
    }
    return container instanceof JsonArray
        ? "Cannot delete " + where + " at array index of array"
        : container instanceof JsonObject
            ? "Cannot delete " + where + " at object index of object"
            : "Cannot delete "
                + where
                + " at "
                + (key instanceof JsonString ? "object" : "array")
                + " index of "
                + Values.type(container);
  }

  /// `left * right`: objects on both sides are merged in depth.
  public static JsonObject mergeDeep(JsonObject left, JsonObject right) {
    return mergeDeep(left, right, 0);
  }

  private static JsonObject mergeDeep(JsonObject left, JsonObject right, int depth) {
    if (depth > Limits.PARSE_DEPTH_MAX) {
      throw Values.failure("Object merge too deep");
    }
    JsonObject.Builder merged = left.toBuilder();
    for (Map.Entry<String, Json> member : right) {
      boolean isBoth =
          member.getValue() instanceof JsonObject
              && left.get(member.getKey()) instanceof JsonObject;
      merged.put(
          member.getKey(),
          isBoth
              ? mergeDeep(
                  (JsonObject) left.get(member.getKey()), (JsonObject) member.getValue(), depth + 1)
              : member.getValue());
    }
    return merged.build();
  }
}
