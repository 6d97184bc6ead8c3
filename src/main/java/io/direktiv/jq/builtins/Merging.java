package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;

/// Merges objects in depth without recursion: what `left * right` does.
final class Merging {
  private Merging() {}

  private static final class Level {
    final JsonObject left;
    final Iterator<Map.Entry<String, Json>> right;
    final JsonObject.Builder merged;
    String key;

    Level(JsonObject left, JsonObject right, Budget budget) {
      budget.work((left.size() + right.size()) >> 3);
      budget.build(48L * (left.size() + (long) right.size()));
      this.left = left;
      this.right = right.iterator();
      this.merged = left.toBuilder();
    }
  }

  static JsonObject deep(JsonObject left, JsonObject right, Budget budget) {
    Deque<Level> open = new ArrayDeque<>();
    open.push(new Level(left, right, budget));
    while (true) {
      budget.step();
      Level level = open.peek();
      if (!level.right.hasNext()) {
        JsonObject done = open.pop().merged.build();
        if (open.isEmpty()) {
          return done;
        }
        open.peek().merged.put(open.peek().key, done);
        continue;
      }
      Map.Entry<String, Json> member = level.right.next();
      level.key = member.getKey();
      boolean isBoth =
          member.getValue() instanceof JsonObject
              && level.left.get(level.key) instanceof JsonObject;
      if (!isBoth) {
        level.merged.put(level.key, member.getValue());
        continue;
      }
      if (open.size() > Limits.VALUE_DEPTH_MAX) {
        throw Values.failure("Object merge too deep");
      }
      JsonObject mine = (JsonObject) level.left.get(level.key);
      open.push(new Level(mine, (JsonObject) member.getValue(), budget));
    }
  }
}
