package io.direktiv.jq.machine;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Where a value stands in the input of a path expression. [#NONE] is the path of a value that
/// stands nowhere in it.
record Path(Path parent, Json key, int length) {
  static final Path ROOT = new Path(null, null, 0);
  static final Path NONE = new Path(null, null, -1);

  Path plus(Json key) {
    return new Path(this, key, length + 1);
  }

  Path plus(JsonArray keys) {
    Path path = this;
    for (Json key : keys) {
      path = path.plus(key);
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
