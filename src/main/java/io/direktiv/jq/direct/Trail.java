package io.direktiv.jq.direct;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;

/// Where a value stands: the keys that lead to it, the last one first.
record Trail(Trail before, Json key, int length) {
  static final Trail ROOT = new Trail(null, null, 0);

  Trail plus(Json next) {
    return new Trail(this, next, length + 1);
  }

  JsonArray toJson() {
    Json[] keys = new Json[length];
    Trail at = this;
    for (int i = length - 1; i >= 0; i--) {
      keys[i] = at.key;
      at = at.before;
    }
    return JsonArray.taking(keys, length);
  }
}
