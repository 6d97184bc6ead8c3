package io.direktiv.local.jq;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Prints values in a [Style], without recursion and without building their text first.
final class Printer {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private static final class Level {
    final Iterator<?> rest;
    final char close;
    final String color;
    boolean isFirst = true;

    Level(Iterator<?> rest, char close, String color) {
      this.rest = rest;
      this.close = close;
      this.color = color;
    }
  }

  private final Sink out;
  private final Style style;
  private final Colors colors;
  private final boolean isColored;
  private final List<Level> open = new ArrayList<>();

  Printer(Sink out, Style style) {
    this.out = out;
    this.style = style;
    this.colors = style.colors();
    this.isColored = !colors.isNone();
  }

  void print(Json root) {
    begin(root);
    while (!open.isEmpty()) {
      Level level = open.getLast();
      if (level.rest.hasNext()) {
        next(level);
      } else {
        open.removeLast();
        newline();
        color(level.color);
        out.put(level.close);
        color(colors.reset());
      }
    }
  }

  private void next(Level level) {
    if (!level.isFirst) {
      color(level.color);
      out.put(',');
    }
    color(colors.reset());
    level.isFirst = false;
    newline();
    Object next = level.rest.next();
    if (next instanceof Map.Entry<?, ?> member) {
      color(colors.beginKey());
      quote((String) member.getKey());
      color(colors.reset());
      color(level.color);
      out.put(':');
      color(colors.reset());
      if (style.isOverLines()) {
        out.put(' ');
      }
      begin((Json) member.getValue());
    } else {
      begin((Json) next);
    }
  }

  private void begin(Json value) {
    String color = colors.begin(value);
    color(color);
    switch (value) {
      case JsonNull _ -> out.ascii("null");
      case JsonBoolean bool -> out.ascii(bool.value() ? "true" : "false");
      case JsonNumber number -> out.ascii(number.toString());
      case JsonString string -> quote(string.value());
      case JsonArray array -> {
        if (!array.isEmpty()) {
          open('[', new Level(array.iterator(), ']', color));
          return;
        }
        out.ascii("[]");
      }
      case JsonObject object -> {
        if (!object.isEmpty()) {
          open('{', new Level(members(object), '}', color));
          return;
        }
        out.ascii("{}");
      }
    }
    color(colors.reset());
  }

  private void open(char mark, Level level) {
    out.put(mark);
    open.add(level);
  }

  private Iterator<Map.Entry<String, Json>> members(JsonObject object) {
    if (!style.isSorted()) {
      return object.iterator();
    }
    List<Map.Entry<String, Json>> members = new ArrayList<>(object.size());
    object.forEach(members::add);
    members.sort(Map.Entry.comparingByKey(Comparator.comparing(Sink::bytes, BYTES)));
    return members.iterator();
  }

  private static final Comparator<byte[]> BYTES = java.util.Arrays::compareUnsigned;

  private void color(String sequence) {
    if (isColored) {
      out.ascii(sequence);
    }
  }

  private void newline() {
    if (!style.isOverLines()) {
      return;
    }
    out.put('\n');
    int indent = style.indent();
    char blank = indent < 0 ? '\t' : ' ';
    for (int i = Math.abs(indent) * open.size(); i > 0; i--) {
      out.put(blank);
    }
  }

  private void quote(String text) {
    out.room(6 * text.length() + 2);
    out.put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 && !style.isAscii()) {
        i += out.wide(text, i);
      } else if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        out.put(c);
      } else {
        escape(text, i, c);
      }
    }
    out.put('"');
  }

  private void escape(String text, int i, char c) {
    switch (c) {
      case '"' -> out.ascii("\\\"");
      case '\\' -> out.ascii("\\\\");
      case '\n' -> out.ascii("\\n");
      case '\r' -> out.ascii("\\r");
      case '\t' -> out.ascii("\\t");
      case '\b' -> out.ascii("\\b");
      case '\f' -> out.ascii("\\f");
      default -> {
        char known = isHalf(text, i, c) ? 0xfffd : c;
        out.ascii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.put(HEX[known >> shift & 15]);
        }
      }
    }
  }

  /// True for a surrogate without its other half.
  private static boolean isHalf(String text, int i, char c) {
    if (!Character.isSurrogate(c)) {
      return false;
    }
    return Character.isHighSurrogate(c)
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
  }
}
