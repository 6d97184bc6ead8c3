package io.direktiv.jq.machine;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Where a value stands in the input of a path expression. [#NONE] is the path of a value that
/// stands nowhere in it.
final class Path {
  static final Path ROOT = new Path(null, null, 0);
  static final Path NONE = new Path(null, null, -1);

  final Path parent;
  final Json key;
  private final int length;
  int survey;

  private Path(Path parent, Json key, int length) {
    this.parent = parent;
    this.key = key;
    this.length = length;
  }

  /// The number of keys; -1 for [#NONE].
  int length() {
    return length;
  }

  Path plus(Json next) {
    return new Path(this, next, length + 1);
  }

  Path plus(JsonArray keys) {
    Path path = this;
    for (Json next : keys) {
      path = path.plus(next);
    }
    return path;
  }

  JsonArray toJson() {
    List<Json> keys = new ArrayList<>();
    for (Path at = this; at.parent != null; at = at.parent) {
      keys.add(at.key);
    }
    Collections.reverse(keys);
    return JsonArray.of(keys);
  }
}
