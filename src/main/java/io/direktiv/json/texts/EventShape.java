package io.direktiv.json.texts;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Gives out `[path, leaf]` for each leaf and `[path]` when a container that is not empty ends, as
/// jq's `--stream` does, and keeps nothing but the path.
final class EventShape implements Shape {
  private static final int DEPTH_MAX = 10_000;

  /// What came last.
  private enum Last {
    NOTHING,
    ARRAY_BEGUN,
    OBJECT_BEGUN,
    COLON,
    COMMA,
    VALUE
  }

  /// A number for each open array, and for each open object its key, or null before there is one.
  private final List<Json> path = new ArrayList<>();

  private final Deque<Json> ready = new ArrayDeque<>(2);
  private Last last = Last.NOTHING;
  private Json next;

  @Override
  public void value(Json value) {
    if (next != null || last == Last.VALUE) {
      throw new JsonTextException("Expected separator between values");
    }
    last = isOpen() ? Last.VALUE : Last.NOTHING;
    next = value;
  }

  @Override
  public void mark(byte mark) {
    switch (mark) {
      case '[' -> begin(JsonNumber.of(0), Last.ARRAY_BEGUN, '[');
      case '{' -> begin(Json.NULL, Last.OBJECT_BEGUN, '{');
      case ':' -> key();
      case ',' -> separate();
      case ']' -> endArray();
      default -> endObject();
    }
  }

  private boolean isInArray() {
    return path.getLast() instanceof JsonNumber;
  }

  private void begin(Json step, Last begun, char mark) {
    if (path.size() >= DEPTH_MAX) {
      throw new JsonTextException("Exceeds depth limit for parsing");
    }
    if (next != null || mark == '{' && last == Last.VALUE) {
      throw new JsonTextException("Expected a separator between values");
    }
    if (last == Last.OBJECT_BEGUN) {
      throw new JsonTextException("Expected string key after '{', not '" + mark + "'");
    }
    if (last == Last.COMMA && !isInArray()) {
      throw new JsonTextException("Expected string key after ',' in object, not '" + mark + "'");
    }
    path.add(step);
    last = begun;
  }

  private void key() {
    if (!isOpen() || isInArray()) {
      throw new JsonTextException("':' not as part of an object");
    }
    if (next == null || last == Last.NOTHING) {
      throw new JsonTextException("Expected string key before ':'");
    }
    if (!(next instanceof JsonString)) {
      throw new JsonTextException("Object keys must be strings");
    }
    if (last != Last.VALUE) {
      throw new JsonTextException("':' should follow a key");
    }
    last = Last.COLON;
    path.set(path.size() - 1, next);
    next = null;
  }

  private void separate() {
    if (last != Last.VALUE) {
      throw new JsonTextException("Expected value before ','");
    }
    if (!isOpen()) {
      throw new JsonTextException("',' not as part of an object or array");
    }
    Json step = path.getLast();
    if (step instanceof JsonNull) {
      throw new JsonTextException("Objects must consist of key:value pairs");
    }
    leaf();
    path.set(
        path.size() - 1,
        step instanceof JsonNumber index ? Json.of(index.longValue() + 1) : Json.NULL);
    last = Last.COMMA;
  }

  private boolean leaf() {
    if (next == null) {
      return false;
    }
    ready.add(JsonArray.of(path(), next));
    next = null;
    return true;
  }

  private void endArray() {
    if (!isOpen()) {
      throw new JsonTextException("Unmatched ']' at the top-level");
    }
    if (last == Last.COMMA) {
      throw new JsonTextException("Expected another array element");
    }
    if (!isInArray()) {
      throw new JsonTextException("Unmatched ']' in the middle of an object");
    }
    leaf();
    end(Last.ARRAY_BEGUN, JsonArray.EMPTY);
  }

  private void endObject() {
    if (!isOpen()) {
      throw new JsonTextException("Unmatched '}' at the top-level");
    }
    if (last == Last.COMMA) {
      throw new JsonTextException("Expected another key:value pair");
    }
    if (isInArray()) {
      throw new JsonTextException("Unmatched '}' in the middle of an array");
    }
    if (next != null && path.getLast() instanceof JsonNull) {
      throw new JsonTextException("Objects must consist of key:value pairs");
    }
    if (!leaf() && last == Last.COLON) {
      throw new JsonTextException("Missing value in key:value pair");
    }
    end(Last.OBJECT_BEGUN, JsonObject.EMPTY);
  }

  /// An empty container is a leaf; another one says where it ended.
  private void end(Last begun, Json empty) {
    if (last == begun) {
      path.removeLast();
      ready.add(JsonArray.of(path(), empty));
    } else {
      ready.add(JsonArray.of(path()));
      path.removeLast();
    }
    last = isOpen() ? Last.VALUE : Last.NOTHING;
  }

  @Override
  public Json take() {
    if (!isOpen() && next != null) {
      leaf();
    }
    return ready.poll();
  }

  @Override
  public Json takeLast() {
    leaf();
    return ready.poll();
  }

  @Override
  public void reset() {
    path.clear();
    ready.clear();
    last = Last.NOTHING;
    next = null;
  }

  @Override
  public boolean isOpen() {
    return !path.isEmpty();
  }

  @Override
  public boolean endsWithNumber() {
    return !isOpen() && next instanceof JsonNumber;
  }

  @Override
  public boolean isCut(boolean isBlankBefore, boolean isTokenBegun) {
    return isOpen()
        || next instanceof JsonNumber
        || next instanceof JsonBoolean
        || next instanceof JsonNull;
  }

  @Override
  public JsonArray path() {
    return JsonArray.of(path);
  }
}
