package io.direktiv.store.sql;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Finds the few of many listeners that an event may be for.
///
/// A filter is indexed under one attribute that it compares for equality, as `name=value`, and
/// under the empty key when it has none (a glob, a long value). An event is for nobody but
/// listeners under the empty key or under one of its own attributes; `events` decides which of them
/// it fits.
final class ListenerKeys {
  private static final String ANY = "";
  private static final int KEY_LENGTH_MAX = 200;

  private ListenerKeys() {}

  /// The key of a filter.
  static String of(EventFilter filter) {
    for (Map.Entry<String, Json> wanted : new TreeMap<>(filter.attributes()).entrySet()) {
      String key = key(wanted.getKey().toLowerCase(Locale.ROOT), wanted.getValue());
      if (key.length() <= KEY_LENGTH_MAX && text(wanted.getValue()).indexOf('*') < 0) {
        return key;
      }
    }
    return ANY;
  }

  /// The keys of all filters of its type that `event` may fit.
  static JsonArray of(CloudEvent event) {
    List<Json> keys = new ArrayList<>(List.of(Json.of(ANY)));
    for (Map.Entry<String, Json> member : event.json()) {
      event
          .attribute(member.getKey())
          .map(value -> key(member.getKey(), value))
          .filter(key -> key.length() <= KEY_LENGTH_MAX)
          .ifPresent(key -> keys.add(Json.of(key)));
    }
    return JsonArray.of(keys);
  }

  private static String key(String name, Json value) {
    return name + "=" + text(value);
  }

  private static String text(Json value) {
    return value instanceof JsonString string ? string.value() : value.toString();
  }
}
