package io.direktiv.model;

import io.direktiv.json.Json;
import java.util.Map;

/// Which events fit: those of a type whose attributes match.
///
/// @param type the event type, compared for equality
/// @param attributes globs or other values by lower-cased attribute name
public record EventFilter(String type, Map<String, Json> attributes) {
  public EventFilter {
    attributes = Map.copyOf(attributes);
  }
}
