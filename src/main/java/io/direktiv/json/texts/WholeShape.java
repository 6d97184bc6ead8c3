package io.direktiv.json.texts;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// Puts whole values together.
final class WholeShape implements Shape {
  /// The deepest nesting as jq counts it: an object with a key that waits for its value counts two.
  private static final int DEPTH_MAX = 10_000;

  /// A container that has begun.
  private static final class Open {
    final List<Json> elements;
    final JsonObject.Builder members;
    int size;
    String key;

    Open(boolean isArray) {
      elements = isArray ? new ArrayList<>() : null;
      members = isArray ? null : JsonObject.builder();
    }

    boolean isArray() {
      return elements != null;
    }

    void add(Json value) {
      size++;
      if (isArray()) {
        elements.add(value);
      } else {
        members.put(key, value);
        key = null;
      }
    }

    Json close() {
      return isArray() ? JsonArray.of(elements) : members.build();
    }
  }

  private final List<Open> open = new ArrayList<>();
  private int depth;
  private Json next;

  @Override
  public void value(Json value) {
    if (next != null) {
      throw new JsonTextException("Expected separator between values");
    }
    next = value;
  }

  @Override
  public void mark(byte mark) {
    switch (mark) {
      case '[', '{' -> begin(mark == '[');
      case ':' -> key();
      case ',' -> separate();
      case ']' -> endArray();
      default -> endObject();
    }
  }

  private void begin(boolean isArray) {
    if (depth >= DEPTH_MAX) {
      throw new JsonTextException("Exceeds depth limit for parsing");
    }
    if (next != null) {
      throw new JsonTextException("Expected separator between values");
    }
    open.add(new Open(isArray));
    depth++;
  }

  private void key() {
    if (next == null) {
      throw new JsonTextException("Expected string key before ':'");
    }
    if (open.isEmpty() || open.getLast().isArray() || open.getLast().key != null) {
      throw new JsonTextException("':' not as part of an object");
    }
    if (!(next instanceof JsonString key)) {
      throw new JsonTextException("Object keys must be strings");
    }
    open.getLast().key = key.value();
    depth++;
    next = null;
  }

  private void separate() {
    if (next == null) {
      throw new JsonTextException("Expected value before ','");
    }
    if (open.isEmpty()) {
      throw new JsonTextException("',' not as part of an object or array");
    }
    add(open.getLast());
  }

  private void add(Open level) {
    if (!level.isArray()) {
      if (level.key == null) {
        throw new JsonTextException("Objects must consist of key:value pairs");
      }
      depth--;
    }
    level.add(next);
    next = null;
  }

  private void endArray() {
    if (open.isEmpty() || !open.getLast().isArray()) {
      throw new JsonTextException("Unmatched ']'");
    }
    Open level = open.getLast();
    if (next != null) {
      add(level);
    } else if (level.size > 0) {
      throw new JsonTextException("Expected another array element");
    }
    close();
  }

  private void endObject() {
    if (open.isEmpty()) {
      throw new JsonTextException("Unmatched '}'");
    }
    Open level = open.getLast();
    if (next != null) {
      if (level.isArray()) {
        throw new JsonTextException("Objects must consist of key:value pairs");
      }
      add(level);
    } else if (level.isArray() || level.key != null) {
      throw new JsonTextException("Unmatched '}'");
    } else if (level.size > 0) {
      throw new JsonTextException("Expected another key-value pair");
    }
    close();
  }

  private void close() {
    next = open.removeLast().close();
    depth--;
  }

  @Override
  public Json take() {
    return open.isEmpty() ? takeLast() : null;
  }

  @Override
  public Json takeLast() {
    Json taken = next;
    next = null;
    return taken;
  }

  @Override
  public void reset() {
    open.clear();
    depth = 0;
    next = null;
  }

  @Override
  public boolean isOpen() {
    return !open.isEmpty();
  }

  @Override
  public boolean endsWithNumber() {
    return open.isEmpty() && next instanceof JsonNumber;
  }

  @Override
  public boolean isCut(boolean isBlankBefore, boolean isTokenBegun) {
    return !isBlankBefore && (isOpen() || isTokenBegun || next instanceof JsonNumber);
  }

  @Override
  public JsonArray path() {
    return JsonArray.EMPTY;
  }
}
