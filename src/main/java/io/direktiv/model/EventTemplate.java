package io.direktiv.model;

import java.util.Map;
import java.util.Optional;

/// The event that a `generateEvent` state publishes.
///
/// @param data the payload; absent for none
/// @param context extension attributes
public record EventTemplate(
    String type,
    String source,
    Optional<Expression> data,
    Optional<String> dataContentType,
    Map<String, Expression> context) {
  public EventTemplate {
    context = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(context));
  }
}
