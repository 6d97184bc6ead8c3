package io.direktiv.model;

import java.util.Map;

/// Which events a state waits for; the attributes are computed when it starts to wait.
///
/// @param type the event type, compared for equality
/// @param context globs by lower-cased attribute name
public record EventPattern(String type, Map<String, Expression> context) {
  public EventPattern {
    context = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(context));
  }
}
