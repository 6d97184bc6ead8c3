package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The builtins that sort and search in jq's order.
final class Sorting {
  private Sorting() {}

  private record Keyed(Json key, Json value) {}

  static void register(Map<String, Natives.Function> functions) {
    functions.put("sort/0", (in, _, budget) -> sort(in, budget));
    functions.put("_sort_by/1", (in, args, budget) -> values(sorted(in, args[0], budget)));
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
      return a == b || (isNan(a) && isNan(b)) ? 0 : Order.compare(a, b, budget);
    };
  }

  private static boolean isNan(Json value) {
    return value instanceof JsonNumber number && Double.isNaN(number.doubleValue());
  }

  private static List<Keyed> sorted(Json in, Json keys, Budget budget) {
    JsonArray array = array(in, "sorted");
    JsonArray by = (JsonArray) keys;
    budget.work(array.size());
    budget.build(32L * array.size());
    List<Keyed> sorted = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      sorted.add(new Keyed(by.get(i), array.get(i)));
    }
    Comparator<Json> order = total(budget);
    sorted.sort((a, b) -> order.compare(a.key, b.key));
    return sorted;
  }

  private static Json values(List<Keyed> keyed) {
    return JsonArray.of(keyed.stream().map(Keyed::value).toList());
  }

  private static Json group(Json in, Json keys, boolean isUnique, Budget budget) {
    if (!(in instanceof JsonArray)) {
      array(in, "grouped");
    }
    List<Json> groups = new ArrayList<>();
    List<Json> group = new ArrayList<>();
    Json key = null;
    for (Keyed keyed : sorted(in, keys, budget)) {
      if (key != null && Order.compare(key, keyed.key, budget) != 0) {
        groups.add(isUnique ? group.getFirst() : JsonArray.of(group));
        group = new ArrayList<>();
      }
      key = keyed.key;
      group.add(keyed.value);
    }
    if (!group.isEmpty()) {
      groups.add(isUnique ? group.getFirst() : JsonArray.of(group));
    }
    return JsonArray.of(groups);
  }

  private static Json extreme(Json in, Json keys, int sign, Budget budget) {
    if (!(in instanceof JsonArray array)) {
      Values.elements(in);
      throw Values.cannotIndex(in, Json.of(0));
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
