package io.direktiv.json;

import java.util.ArrayDeque;
import java.util.Deque;

/// How large a value is when it is written out: what is shared counts as often as it is met.
///
/// Containers remember theirs once it was asked for, so that asking again, also for a value that
/// has most of its parts from another, costs nothing.
///
/// @param bytes about, at most 2^47
/// @param depth how deep arrays and objects are nested, at most 65,535
public record Extent(long bytes, int depth) {
  private static final int DEPTH_BITS = 16;
  private static final int DEPTH_MAX = (1 << DEPTH_BITS) - 1;
  private static final long BYTES_MAX = 1L << 47;
  private static final int CONTAINER_BYTES = 40;
  private static final int STRING_BYTES = 48;
  private static final int NUMBER_BYTES = 24;
  private static final int ELEMENT_BYTES = 8;
  private static final int MEMBER_BYTES = 48;

  /// A container that is being added up.
  private static final class Level {
    final Json container;
    final int size;
    int next;
    long bytes;
    int depth;

    Level(Json container) {
      this.container = container;
      boolean isArray = container instanceof JsonArray;
      this.size = isArray ? ((JsonArray) container).size() : ((JsonObject) container).size();
      this.bytes = CONTAINER_BYTES + (long) size * (isArray ? ELEMENT_BYTES : MEMBER_BYTES);
    }

    Json part() {
      if (container instanceof JsonArray array) {
        return array.get(next++);
      }
      JsonObject object = (JsonObject) container;
      bytes += 2L * object.keyAt(next).length();
      return object.valueAt(next++);
    }

    void add(long packed) {
      bytes = Math.min(BYTES_MAX, bytes + (packed >>> DEPTH_BITS));
      depth = Math.max(depth, (int) (packed & DEPTH_MAX));
    }

    long packed() {
      return bytes << DEPTH_BITS | Math.min(DEPTH_MAX, depth + 1);
    }
  }

  /// The extent of `value`; `guard` is run for every container that is added up and may throw.
  public static Extent of(Json value, Runnable guard) {
    long known = known(value);
    long packed = known != 0 ? known : add(value, guard);
    return new Extent(packed >>> DEPTH_BITS, (int) (packed & DEPTH_MAX));
  }

  private static long add(Json root, Runnable guard) {
    Deque<Level> open = new ArrayDeque<>();
    open.push(new Level(root));
    while (true) {
      Level level = open.peek();
      Level inner = null;
      while (level.next < level.size && inner == null) {
        Json part = level.part();
        long known = known(part);
        if (known == 0) {
          inner = new Level(part);
        } else {
          level.add(known);
        }
      }
      if (inner != null) {
        open.push(inner);
        continue;
      }
      guard.run();
      long packed = level.packed();
      remember(level.container, packed);
      open.pop();
      if (open.isEmpty()) {
        return packed;
      }
      open.peek().add(packed);
    }
  }

  /// What is known without looking into containers; 0 when that is nothing.
  private static long known(Json value) {
    return switch (value) {
      case JsonNull _, JsonBoolean _ -> 1L << DEPTH_BITS;
      case JsonNumber number -> NUMBER_BYTES + 2L * number.literalChars() << DEPTH_BITS;
      case JsonString string -> STRING_BYTES + 2L * string.value().length() << DEPTH_BITS;
      case JsonArray array -> array.extent;
      case JsonObject object -> object.extent;
    };
  }

  private static void remember(Json container, long packed) {
    switch (container) {
      case JsonArray array -> array.extent = packed;
      case JsonObject object -> object.extent = packed;
      default -> throw new IllegalArgumentException();
    }
  }
}
