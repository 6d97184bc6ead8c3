package io.direktiv.json;

import java.util.Objects;

/// A JSON string.
///
/// @param value its characters, unescaped
public record JsonString(String value) implements Json {
  public JsonString {
    Objects.requireNonNull(value);
  }

  @Override
  public String toString() {
    return JsonWriter.compact(this);
  }
}
