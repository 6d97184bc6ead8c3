package io.direktiv.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;

/// Equality and hashes of containers without recursion, so that depth costs heap and not stack.
final class Equality {
  /// How many levels of a value its hash looks at.
  private static final int HASH_DEPTH = 3;

  private record Pair(Json left, Json right) {}

  private Equality() {}

  static boolean areEqual(Json left, Json right) {
    Deque<Pair> open = new ArrayDeque<>();
    open.push(new Pair(left, right));
    while (!open.isEmpty()) {
      Pair pair = open.pop();
      if (pair.left == pair.right) {
        continue;
      }
      boolean isSame =
          switch (pair.left) {
            case JsonArray a -> pair.right instanceof JsonArray b && open(a, b, open);
            case JsonObject a -> pair.right instanceof JsonObject b && open(a, b, open);
            case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _ ->
                pair.left.equals(pair.right);
          };
      if (!isSame) {
        return false;
      }
    }
    return true;
  }

  private static boolean open(JsonArray a, JsonArray b, Deque<Pair> open) {
    if (a.size() != b.size()) {
      return false;
    }
    Iterator<Json> others = b.iterator();
    a.forEach(element -> open.push(new Pair(element, others.next())));
    return true;
  }

  private static boolean open(JsonObject a, JsonObject b, Deque<Pair> open) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<String, Json> member : a) {
      Json other = b.get(member.getKey());
      if (other == null) {
        return false;
      }
      open.push(new Pair(member.getValue(), other));
    }
    return true;
  }

  static int hash(Json value) {
    return hash(value, HASH_DEPTH);
  }

  private static int hash(Json value, int depth) {
    return switch (value) {
      case JsonArray array when depth == 0 -> array.size();
      case JsonObject object when depth == 0 -> object.size();
      case JsonArray array -> {
        int hash = 1;
        for (Json element : array) {
          hash = 31 * hash + hash(element, depth - 1);
        }
        yield hash;
      }
      case JsonObject object -> {
        int hash = 0;
        for (Map.Entry<String, Json> member : object) {
          hash += member.getKey().hashCode() ^ hash(member.getValue(), depth - 1);
        }
        yield hash;
      }
      case JsonNull _, JsonBoolean _, JsonNumber _, JsonString _ -> value.hashCode();
    };
  }
}
