package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/// Estimates how much memory values take.
public final class Sizes {
  private static final int STRING_BYTES = 48;
  private static final int NUMBER_BYTES = 24;
  private static final int ARRAY_BYTES = 40;
  private static final int MEMBER_BYTES = 48;

  private Sizes() {}

  /// A counter that counts a part as often as it is met; fast and without memory of its own.
  public static Counter counter(long max) {
    return new Counter(max, false);
  }

  /// A counter that counts what is shared once.
  public static Counter exactCounter(long max) {
    return new Counter(max, true);
  }

  /// Adds values up; stops counting soon after `max`.
  public static final class Counter {
    private final long max;
    private final Set<Json> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final boolean isExact;
    private final Deque<Json> open = new ArrayDeque<>();
    private long bytes;

    private Counter(long max, boolean isExact) {
      this.max = max;
      this.isExact = isExact;
    }

    /// The sum so far.
    public long bytes() {
      return bytes;
    }

    /// Adds `more`.
    public void plus(long more) {
      bytes += more;
    }

    /// Adds `value` with all that is in it.
    public void add(Json value) {
      open.push(value);
      while (!open.isEmpty() && bytes <= max) {
        visit(open.pop());
      }
      open.clear();
    }

    private void visit(Json value) {
      bytes += shallow(value);
      switch (value) {
        case JsonArray array when isNew(array) -> {
          for (int i = 0; i < array.size(); i++) {
            put(array.get(i));
          }
        }
        case JsonObject object when isNew(object) -> {
          for (int i = 0; i < object.size(); i++) {
            bytes += 2L * object.keyAt(i).length();
            put(object.valueAt(i));
          }
        }
        case JsonString string when string.value().length() > 1_000 && !isNew(string) ->
            bytes -= shallow(string);
        case JsonNumber number when number.literalChars() >= 1_000 && !isNew(number) ->
            bytes -= shallow(number);
        default -> {}
      }
    }

    private void put(Json part) {
      if (part instanceof JsonNull || part instanceof JsonBoolean) {
        return;
      }
      if (part instanceof JsonNumber number && number.literalChars() < 1_000) {
        bytes += shallow(number);
      } else {
        open.push(part);
      }
    }

    private boolean isNew(Json value) {
      return !isExact || seen.add(value);
    }
  }

  /// The bytes of `value` without what is in it.
  private static long shallow(Json value) {
    return switch (value) {
      case JsonNull _, JsonBoolean _ -> 0;
      case JsonNumber number -> number.isShared() ? 0 : NUMBER_BYTES + 2L * number.literalChars();
      case JsonString string -> STRING_BYTES + 2L * string.value().length();
      case JsonArray array -> ARRAY_BYTES + 8L * array.size();
      case JsonObject object -> ARRAY_BYTES + (long) MEMBER_BYTES * object.size();
    };
  }
}
