package io.direktiv.execution.cache;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;

/// Estimates the memory of a value, without writing it out.
public final class JsonSize {
  private static final int NODE_BYTES = 32;

  private JsonSize() {}

  /// About how many bytes `value` takes; counting ends once it is more than `enough`.
  public static long atLeast(Json value, long enough) {
    ArrayDeque<Json> open = new ArrayDeque<>();
    open.push(value);
    long bytes = 0;
    while (!open.isEmpty() && bytes <= enough) {
      bytes += NODE_BYTES;
      switch (open.pop()) {
        case JsonString text -> bytes += 2L * text.value().length();
        case JsonArray array -> array.forEach(open::push);
        case JsonObject object ->
            bytes +=
                object.keys().stream().mapToLong(key -> NODE_BYTES + key.length()).sum()
                    + pushed(open, object);
        default -> {
          // A number or a word is as large as its node.
        }
      }
    }
    return bytes;
  }

  private static long pushed(ArrayDeque<Json> open, JsonObject object) {
    object.forEach(member -> open.push(member.getValue()));
    return 0;
  }
}
