package io.direktiv.model;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.Optional;

/// A CloudEvent in its JSON form, with at least `id`, `source`, `type` and `specversion`.
///
/// @param json attributes, extensions and `data` or `data_base64`
public record CloudEvent(JsonObject json) {
  /// The id, unique for its source.
  public String id() {
    return text("id");
  }

  /// Who sent it.
  public String source() {
    return text("source");
  }

  /// What kind of event it is.
  public String type() {
    return text("type");
  }

  /// The attribute or extension `name`, lower case.
  public Optional<Json> attribute(String name) {
    if (name.equals("data") || name.equals("data_base64")) {
      return Optional.empty();
    }
    return Optional.ofNullable(json.get(name));
  }

  /// The payload as workflows see it (reference 1.3): JSON, else a base64 string, `""` for none.
  public Json payload() {
    Json base64 = json.get("data_base64");
    if (base64 != null) {
      return base64;
    }
    Json data = json.get("data");
    return data == null ? Json.of("") : data;
  }

  private String text(String name) {
    return json.get(name) instanceof JsonString string ? string.value() : "";
  }
}
