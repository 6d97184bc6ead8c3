package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The builtins that sort and search in jq's order.
final class Sorting {
  /// Longer texts are compared with an eye on the budget.
  private static final int PLAIN_CHARS_MAX = 256;

  private Sorting() {}

  private record Keyed(Json key, Json value) {}

  static void register(Map<String, Natives.Function> functions) {
    functions.put("sort/0", (in, _, budget) -> sort(in, budget));
    functions.put("_sort_by/1", (in, args, budget) -> sortBy(in, args[0], budget));
    functions.put("_group_by/1", (in, args, budget) -> group(in, args[0], false, budget));
    functions.put("_unique_by/1", (in, args, budget) -> group(in, args[0], true, budget));
    functions.put("min/0", (in, _, budget) -> extreme(in, in, -1, budget));
    functions.put("max/0", (in, _, budget) -> extreme(in, in, 1, budget));
    functions.put("_min_by/1", (in, args, budget) -> extreme(in, args[0], -1, budget));
    functions.put("_max_by/1", (in, args, budget) -> extreme(in, args[0], 1, budget));
    functions.put("bsearch/1", (in, args, budget) -> search(in, args[0], budget));
  }

  private static JsonArray array(Json in, String what) {
    if (in instanceof JsonArray array) {
      return array;
    }
    throw Values.failure(Values.describe(in) + " cannot be " + what + ", as it is not an array");
  }

  private static Json sort(Json in, Budget budget) {
    JsonArray array = array(in, "sorted");
    budget.work(array.size());
    budget.build(32L * array.size());
    List<Json> sorted = new ArrayList<>(array.toList());
    sorted.sort(total(budget));
    return JsonArray.of(sorted);
  }

  /// NaN is less than itself in jq; a sort needs equality there.
  private static Comparator<Json> total(Budget budget) {
    return (a, b) -> {
      budget.step();
      return isNan(a) && isNan(b) ? 0 : Order.compare(a, b, budget);
    };
  }

  private static boolean isNan(Json value) {
    return value instanceof JsonNumber number && Double.isNaN(number.doubleValue());
  }

  private static List<Keyed> keyed(Json in, Json keys, String what, Budget budget) {
    if (!(in instanceof JsonArray array)) {
      throw Values.failure(
          Values.describe(in)
              + " and "
              + Values.describe(keys)
              + " cannot be "
              + what
              + ", as they are not both arrays");
    }
    JsonArray by = (JsonArray) keys;
    budget.work(array.size());
    budget.build(32L * array.size());
    List<Keyed> keyed = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      keyed.add(new Keyed(by.get(i), array.get(i)));
    }
    return keyed;
  }

  private static void sort(List<Keyed> keyed, Budget budget) {
    switch (Kind.of(keyed)) {
      case NUMBERS -> {
        budget.work(8L * keyed.size());
        keyed.sort(Comparator.comparingDouble(each -> ((JsonNumber) each.key).doubleValue()));
      }
      case STRINGS -> {
        budget.work(8L * keyed.size());
        keyed.sort(Comparator.comparing(each -> ((JsonString) each.key).value()));
      }
      case ANY -> {
        Comparator<Json> order = total(budget);
        keyed.sort((a, b) -> order.compare(a.key, b.key));
      }
    }
  }

  /// What keys are that the JDK orders as jq does.
  private enum Kind {
    /// Numbers that a double tells apart: neither NaN nor -0, and none with more digits.
    NUMBERS,
    /// Strings whose characters are ordered as their code points are.
    STRINGS,
    ANY;

    static Kind of(List<Keyed> keyed) {
      Kind kind = null;
      for (Keyed each : keyed) {
        Kind own = of(each.key);
        if (own == ANY || kind != null && own != kind) {
          return ANY;
        }
        kind = own;
      }
      return kind == null ? ANY : kind;
    }

    private static Kind of(Json key) {
      return switch (key) {
        case JsonNumber number -> {
          double value = number.doubleValue();
          boolean isZero = value == 0 && 1 / value > 0;
          yield isZero || value != 0 && Math.abs(value) < 0x1p53 ? NUMBERS : ANY;
        }
        case JsonString(String text) -> isPlain(text) ? STRINGS : ANY;
        default -> ANY;
      };
    }

    private static boolean isPlain(String text) {
      if (text.length() > PLAIN_CHARS_MAX) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) >= Character.MIN_SURROGATE) {
          return false;
        }
      }
      return true;
    }
  }

  private static Json sortBy(Json in, Json keys, Budget budget) {
    List<Keyed> keyed = keyed(in, keys, "sorted", budget);
    sort(keyed, budget);
    Json[] values = new Json[keyed.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = keyed.get(i).value;
    }
    return JsonArray.taking(values, values.length);
  }

  /// Elements of one key are brought together before anything is sorted where equal keys are equal
  /// values to the JDK too.
  private static Json group(Json in, Json keys, boolean isUnique, Budget budget) {
    List<Keyed> keyed = keyed(in, keys, "grouped", budget);
    List<Keyed> groups =
        Kind.of(keyed) == Kind.ANY ? sortedGroups(keyed, budget) : hashedGroups(keyed, budget);
    Json[] results = new Json[groups.size()];
    for (int i = 0; i < results.length; i++) {
      JsonArray group = (JsonArray) groups.get(i).value;
      results[i] = isUnique ? group.get(0) : group;
    }
    return JsonArray.taking(results, results.length);
  }

  private static List<Keyed> hashedGroups(List<Keyed> keyed, Budget budget) {
    budget.work(keyed.size());
    Map<Object, List<Keyed>> byKey = new HashMap<>();
    for (Keyed each : keyed) {
      byKey.computeIfAbsent(comparable(each.key), _ -> new ArrayList<>()).add(each);
    }
    List<Keyed> groups = new ArrayList<>(byKey.size());
    for (List<Keyed> group : byKey.values()) {
      Json[] values = new Json[group.size()];
      Arrays.setAll(values, i -> group.get(i).value);
      groups.add(new Keyed(group.getFirst().key, JsonArray.taking(values, values.length)));
    }
    sort(groups, budget);
    return groups;
  }

  /// The key as the JDK can order it, so that a map is fast whatever the hashes are.
  private static Object comparable(Json key) {
    return key instanceof JsonString(String text) ? text : ((JsonNumber) key).doubleValue();
  }

  private static List<Keyed> sortedGroups(List<Keyed> keyed, Budget budget) {
    sort(keyed, budget);
    List<Keyed> groups = new ArrayList<>();
    List<Json> group = new ArrayList<>();
    Json key = null;
    for (Keyed each : keyed) {
      if (key != null && Order.compare(key, each.key, budget) != 0) {
        groups.add(new Keyed(key, JsonArray.of(group)));
        group.clear();
      }
      key = each.key;
      group.add(each.value);
    }
    if (!group.isEmpty()) {
      groups.add(new Keyed(key, JsonArray.of(group)));
    }
    return groups;
  }

  private static Json extreme(Json in, Json keys, int sign, Budget budget) {
    if (!(in instanceof JsonArray array)) {
      throw Values.failure(
          Values.describe(in) + " and " + Values.describe(keys) + " cannot be iterated over");
    }
    JsonArray by = (JsonArray) keys;
    int best = -1;
    for (int i = 0; i < array.size(); i++) {
      int order = best < 0 ? sign : Order.compare(by.get(i), by.get(best), budget);
      if (sign > 0 ? order >= 0 : order < 0 || best < 0) {
        best = i;
      }
    }
    return best < 0 ? Json.NULL : array.get(best);
  }

  private static Json search(Json in, Json wanted, Budget budget) {
    if (!(in instanceof JsonArray array)) {
      throw Values.failure(Values.describe(in) + " cannot be searched from");
    }
    int low = 0;
    int high = array.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Order.compare(array.get(middle), wanted, budget);
      if (order == 0) {
        return Json.of((long) middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Json.of(-1L - low);
  }
}
