package io.direktiv.cli;

import io.direktiv.client.Field;
import io.direktiv.client.Message;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.util.Base64;
import java.util.List;

/// Messages as Go's `encoding/json` prints the structs that are generated for them: fields by name
/// in the order of their numbers, what is not set left out, bytes in base64.
final class GoJson {
  private GoJson() {}

  /// The JSON of a message; as deep as its shape, which is finite.
  static JsonObject of(Message message) {
    JsonObject.Builder object = JsonObject.builder();
    message.forEach((field, value) -> object.put(field.name(), of(field, value)));
    return object.build();
  }

  private static Json of(Field field, Object value) {
    if (field.type() == Field.Type.MAP) {
      return map((List<?>) value);
    }
    return switch (value) {
      case List<?> values -> JsonArray.of(values.stream().map(each -> of(field, each)).toList());
      case String text -> Json.of(text);
      case byte[] bytes -> Json.of(Base64.getEncoder().encodeToString(bytes));
      case Boolean bool -> Json.of(bool);
      case Long number -> Json.of(number);
      case Message message -> of(message);
      default -> throw new IllegalArgumentException(field + " holds " + value.getClass());
    };
  }

  private static Json map(List<?> entries) {
    JsonObject.Builder object = JsonObject.builder();
    for (Object entry : entries) {
      Message pair = (Message) entry;
      object.put(pair.text("key"), pair.text("value"));
    }
    return object.build();
  }
}
