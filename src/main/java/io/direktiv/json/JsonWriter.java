package io.direktiv.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/// Writes values as JSON text without recursion.
public final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  /// The guard is asked again after so many characters.
  private static final int GUARDED_CHARS = 1 << 15;

  private final StringBuilder out = new StringBuilder();
  private final Deque<Level> open = new ArrayDeque<>();
  private final int indent;

  private final LongConsumer guard;

  private int guarded;

  private final int charsMax;

  private final int depthMax;

  private JsonWriter(int indent, LongConsumer guard, int charsMax) {
    this(indent, guard, charsMax, Integer.MAX_VALUE);
  }

  private JsonWriter(int indent, LongConsumer guard, int charsMax, int depthMax) {
    this.depthMax = depthMax;
    this.indent = indent;
    this.guard = guard;
    this.charsMax = charsMax;
  }

  /// The text of `value` on one line without blanks.
  public static String compact(Json value) {
    return new JsonWriter(0, _ -> {}, Integer.MAX_VALUE).write(value);
  }

  /// The same as jq writes it: what is nested deeper than 10,000 levels is left out. `guard` is
  /// told the bytes written so far, now and then, and may throw.
  public static String compact(Json value, LongConsumer guard) {
    int depthMax = JsonLimits.DEFAULT.depthMax();
    return new JsonWriter(0, guard, Integer.MAX_VALUE, depthMax).write(value);
  }

  /// The first characters of the compact text, at least `chars` when there are so many; the rest is
  /// not written.
  public static String beginning(Json value, int chars) {
    return new JsonWriter(0, _ -> {}, chars).write(value);
  }

  /// The text of `value` with two blanks per level.
  public static String pretty(Json value) {
    return new JsonWriter(2, _ -> {}, Integer.MAX_VALUE).write(value);
  }

  /// The text of `value` with `indent` blanks per level, 1 or more.
  public static String indented(Json value, int indent) {
    return new JsonWriter(indent, _ -> {}, Integer.MAX_VALUE).write(value);
  }

  /// A container that is being written.
  private static final class Level {
    final JsonArray array;
    final JsonObject object;
    final int size;
    int next;

    Level(JsonArray array, JsonObject object) {
      this.array = array;
      this.object = object;
      this.size = array != null ? array.size() : object.size();
    }
  }

  private String write(Json root) {
    begin(root);
    while (!open.isEmpty() && out.length() < charsMax) {
      if (out.length() - guarded > GUARDED_CHARS) {
        ask();
      }
      Level level = open.peek();
      if (level.next == level.size) {
        open.pop();
        newline();
        out.append(level.array != null ? ']' : '}');
        ask();
        continue;
      }
      if (level.next > 0) {
        out.append(',');
      }
      newline();
      int at = level.next++;
      if (level.array != null) {
        begin(level.array.get(at));
      } else {
        quote(level.object.keyAt(at));
        out.append(indent > 0 ? ": " : ":");
        begin(level.object.valueAt(at));
      }
    }
    return out.toString();
  }

  private void ask() {
    guarded = out.length();
    guard.accept(2L * guarded);
  }

  private void begin(Json value) {
    if (open.size() > depthMax) {
      out.append("<skipped: too deep>");
      return;
    }
    switch (value) {
      case JsonNull _ -> out.append("null");
      case JsonBoolean bool -> out.append(bool.value());
      case JsonNumber number -> number.appendTo(out);
      case JsonString string -> quote(string.value());
      case JsonArray array when array.isEmpty() -> out.append("[]");
      case JsonArray array -> {
        out.append('[');
        open.push(new Level(array, null));
      }
      case JsonObject object when object.isEmpty() -> out.append("{}");
      case JsonObject object -> {
        out.append('{');
        open.push(new Level(null, object));
      }
    }
  }

  private void newline() {
    if (indent > 0) {
      out.append('\n').repeat(' ', indent * open.size());
    }
  }

  private void quote(String text) {
    out.append('"');
    int end = Math.min(text.length(), charsMax);
    int from = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c == 127) {
        out.append(text, from, i);
        escape(c);
        from = i + 1;
      }
    }
    out.append(text, from, end).append('"');
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
    }
  }
}
