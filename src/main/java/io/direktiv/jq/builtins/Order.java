package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// jq's total order: null, false, true, numbers, strings, arrays, objects.
public final class Order {
  /// Strings by code point.
  static final Comparator<String> STRINGS = Order::compareStrings;

  private Order() {}

  private record Pair(Json left, Json right, int depth) {}

  /// True when the two are one value to jq.
  public static boolean isEqual(Json left, Json right, Budget budget) {
    return compare(left, right, budget, "Equality check too deep") == 0;
  }

  /// Compares without recursion: what is still equal waits on a list of pairs.
  public static int compare(Json left, Json right, Budget budget) {
    return compare(left, right, budget, "Comparison too deep");
  }

  private static int compare(Json left, Json right, Budget budget, String tooDeep) {
    int order = shallow(left, right);
    weigh(left, right, budget);
    boolean isDecided = order != 0 || !(left instanceof JsonArray || left instanceof JsonObject);
    if (isDecided) {
      return order;
    }
    Deque<Pair> rest = new ArrayDeque<>();
    rest.push(new Pair(left, right, 0));
    while (!rest.isEmpty()) {
      budget.step();
      Pair pair = rest.pop();
      if (pair.depth > Limits.VALUE_DEPTH_MAX) {
        throw Values.failure(tooDeep);
      }
      weigh(pair.left, pair.right, budget);
      int found = shallow(pair.left, pair.right);
      if (found == 0) {
        found = open(pair, rest, budget);
      }
      if (found != 0) {
        return found;
      }
    }
    return 0;
  }

  /// Counts what comparing two texts takes, or two numbers of many digits.
  private static void weigh(Json left, Json right, Budget budget) {
    if (left instanceof JsonString(String a) && right instanceof JsonString(String b)) {
      budget.work(Math.min(a.length(), b.length()) >> 6);
    } else if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
      budget.work(Math.min(a.literalChars(), b.literalChars()) >> 5);
    }
  }

  /// Puts the parts of two containers on the list, the first on top; arrays of different length are
  /// decided by length only after their common part, which a pair of lengths stands for.
  private static int open(Pair pair, Deque<Pair> rest, Budget budget) {
    int depth = pair.depth + 1;
    if (pair.left instanceof JsonArray a && pair.right instanceof JsonArray b) {
      int common = Math.min(a.size(), b.size());
      budget.size(32L * (rest.size() + common));
      if (a.size() != b.size()) {
        rest.push(new Pair(Json.of((long) a.size()), Json.of((long) b.size()), 0));
      }
      for (int i = common - 1; i >= 0; i--) {
        rest.push(new Pair(a.get(i), b.get(i), depth));
      }
    } else if (pair.left instanceof JsonObject a && pair.right instanceof JsonObject b) {
      budget.work(a.size() + (long) b.size());
      List<String> keys = sortedKeys(a);
      int order = compareKeys(keys, sortedKeys(b));
      if (order != 0) {
        return order;
      }
      budget.size(32L * (rest.size() + (long) keys.size()));
      for (String key : keys.reversed()) {
        rest.push(new Pair(a.get(key), b.get(key), depth));
      }
    }
    return 0;
  }

  private static int compareKeys(List<String> a, List<String> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compareStrings(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  static List<String> sortedKeys(JsonObject object) {
    List<String> keys = new ArrayList<>(object.keys());
    keys.sort(STRINGS);
    return keys;
  }

  /// Compares types and scalars; two containers of one type count as equal.
  private static int shallow(Json left, Json right) {
    int rank = Integer.compare(rank(left), rank(right));
    if (rank != 0) {
      return rank;
    }
    if (left instanceof JsonNumber a && right instanceof JsonNumber b) {
      return compareNumbers(a, b);
    }
    if (left instanceof JsonString a && right instanceof JsonString b) {
      return compareStrings(a.value(), b.value());
    }
    return 0;
  }

  private static int compareNumbers(JsonNumber a, JsonNumber b) {
    double left = a.doubleValue();
    double right = b.doubleValue();
    if (Double.isNaN(left)) {
      return -1;
    }
    if (Double.isNaN(right)) {
      return 1;
    }
    if (left != right) {
      return left < right ? -1 : 1;
    }
    return Math.abs(left) < 0x1p53 ? 0 : a.compareExactly(b);
  }

  private static int rank(Json value) {
    return switch (value) {
      case JsonNull _ -> 0;
      case JsonBoolean bool -> bool.value() ? 2 : 1;
      case JsonNumber _ -> 3;
      case JsonString _ -> 4;
      case JsonArray _ -> 5;
      case JsonObject _ -> 6;
    };
  }

  private static int compareStrings(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        boolean isPlain = Character.isSurrogate(left) == Character.isSurrogate(right);
        return isPlain ? Character.compare(left, right) : Character.isSurrogate(left) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
