package io.direktiv.api.http.exchange;

import io.direktiv.json.Json;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.read.Nearest;
import java.util.List;
import java.util.Optional;

/// A JSON body with named fields; unknown fields and wrong types are refused.
public final class Document {
  private final JsonObject fields;

  public Document(JsonObject fields, String... known) {
    this.fields = fields;
    List<String> names = List.of(known);
    for (String name : fields.keys()) {
      if (!names.contains(name)) {
        throw refusal(
            "the field '"
                + Query.shortened(name)
                + "' is not known here"
                + Nearest.hint(name, names));
      }
    }
  }

  public String text(String name) {
    return maybeText(name)
        .orElseThrow(() -> refusal("the field '" + name + "' is missing; it must be a string"));
  }

  public Optional<String> maybeText(String name) {
    return switch (fields.get(name)) {
      case null -> Optional.empty();
      case JsonNull _ -> Optional.empty();
      case JsonString text -> Optional.of(text.value());
      case Json other -> throw wrong(name, "a string", other);
    };
  }

  public Optional<Boolean> maybeFlag(String name) {
    return switch (fields.get(name)) {
      case null -> Optional.empty();
      case JsonNull _ -> Optional.empty();
      case JsonBoolean flag -> Optional.of(flag.value());
      case Json other -> throw wrong(name, "true or false", other);
    };
  }

  public Optional<Integer> maybeNumber(String name) {
    return switch (fields.get(name)) {
      case null -> Optional.empty();
      case JsonNull _ -> Optional.empty();
      case JsonNumber number
          when number.isLong()
              && number.longValue() >= 0
              && number.longValue() <= Integer.MAX_VALUE ->
          Optional.of((int) number.longValue());
      case Json other -> throw wrong(name, "a whole number, 0 or more", other);
    };
  }

  private static Refusal wrong(String name, String wanted, Json found) {
    return refusal("the field '" + name + "' must be " + wanted + ", but it is " + kind(found));
  }

  /// What a value is, without its content: it may be a secret.
  private static String kind(Json value) {
    return switch (value) {
      case JsonNull _ -> "null";
      case JsonBoolean _ -> "a boolean";
      case JsonNumber _ -> "a number";
      case JsonString _ -> "a string";
      case io.direktiv.json.JsonArray _ -> "an array";
      case JsonObject _ -> "an object";
    };
  }

  private static Refusal refusal(String message) {
    return new Refusal(400, "request_body_bad_json_schema", message);
  }
}
