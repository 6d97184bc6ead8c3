package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;

/// Decides `contains` without recursion.
final class Containment {
  private Containment() {}

  /// A question whose answer depends on others: every `wanted` has to be in one of `mine`.
  private static final class Level {
    final JsonObject object;
    final JsonArray array;
    final Iterator<Map.Entry<String, Json>> members;
    final Iterator<Json> wanted;
    Json sought;
    Iterator<Json> mine;

    Level(Json value, Json part) {
      this.object = value instanceof JsonObject o ? o : null;
      this.array = value instanceof JsonArray a ? a : null;
      this.members = part instanceof JsonObject o ? o.iterator() : null;
      this.wanted = part instanceof JsonArray a ? a.iterator() : null;
    }
  }

  static Json of(Json value, Json part, Budget budget) {
    Deque<Level> open = new ArrayDeque<>();
    Boolean answer = ask(value, part, open, budget);
    while (!open.isEmpty()) {
      budget.step();
      Level level = open.peek();
      answer =
          level.object != null
              ? member(level, answer, open, budget)
              : element(level, answer, open, budget);
      if (answer != null) {
        open.pop();
      }
    }
    return Json.of(answer);
  }

  /// Answers a question, or puts it on the list and returns null.
  private static Boolean ask(Json value, Json part, Deque<Level> open, Budget budget) {
    boolean isObjects = value instanceof JsonObject && part instanceof JsonObject;
    boolean isArrays = value instanceof JsonArray && part instanceof JsonArray;
    if (isObjects || isArrays) {
      if (open.size() > Limits.VALUE_DEPTH_MAX) {
        throw Values.failure("Containment check too deep");
      }
      open.push(new Level(value, part));
      return null;
    }
    if (value instanceof JsonString(String a) && part instanceof JsonString(String b)) {
      return Finder.find(a, b, 0, budget) >= 0;
    }
    if (Values.type(value).equals(Values.type(part))) {
      return value.equals(part);
    }
    if (!open.isEmpty()) {
      return false;
    }
    throw Values.failure(
        Values.describe(value)
            + " and "
            + Values.describe(part)
            + " cannot have their containment checked");
  }

  /// Goes on after `answer` to the last member's question; null while the level stays open.
  private static Boolean member(Level level, Boolean answer, Deque<Level> open, Budget budget) {
    Boolean last = answer;
    while (last == null || last) {
      if (last == null && open.peek() != level) {
        return null;
      }
      if (!level.members.hasNext()) {
        return true;
      }
      Map.Entry<String, Json> next = level.members.next();
      Json mine = level.object.get(next.getKey());
      budget.step();
      last = mine == null ? Boolean.FALSE : ask(mine, next.getValue(), open, budget);
    }
    return false;
  }

  private static Boolean element(Level level, Boolean answer, Deque<Level> open, Budget budget) {
    Boolean last = answer;
    while (true) {
      boolean isFound = Boolean.TRUE.equals(last) && level.sought != null;
      if (level.sought == null || isFound) {
        if (!level.wanted.hasNext()) {
          return true;
        }
        level.sought = level.wanted.next();
        level.mine = level.array.iterator();
      }
      last = null;
      while (last == null) {
        if (!level.mine.hasNext()) {
          return false;
        }
        Json candidate = level.mine.next();
        budget.step();
        boolean isSameKind = Values.type(candidate).equals(Values.type(level.sought));
        last = isSameKind ? ask(candidate, level.sought, open, budget) : Boolean.FALSE;
        if (last == null) {
          return null;
        }
      }
    }
  }
}
