package io.direktiv.api;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonLimits;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonReader;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads CloudEvents 1.0 and 0.3 in their JSON format, alone and in batches, and the events of
/// Azure Event Grid's own schema.
public final class CloudEvents {
  private static final JsonLimits LIMITS =
      new JsonLimits(Limits.JSON_DEPTH_MAX, Limits.INPUT_BYTES_MAX);

  private CloudEvents() {}

  /// Reads one event.
  ///
  /// @param text its JSON form in UTF-8
  /// @throws ApiException `invalid cloudevent: …` when it is not one
  public static CloudEvent parse(byte[] text) {
    return check(json(text));
  }

  /// Reads a batch: an array of at most [Limits#EVENT_BATCH_MAX] events.
  ///
  /// @throws ApiException naming the first event that is not one
  public static List<CloudEvent> parseBatch(byte[] text) {
    if (!(json(text) instanceof JsonArray batch)) {
      throw invalid("a batch must be a JSON array");
    }
    return all(batch);
  }

  /// Reads one event, or a batch when `text` is an array; events of Azure Event Grid's schema are
  /// translated.
  public static List<CloudEvent> parseAny(byte[] text) {
    return json(text) instanceof JsonArray batch
        ? all(batch)
        : List.of(check(fromEventGrid(json(text))));
  }

  /// The code that Azure Event Grid wants back from a new subscriber; empty when `text` is
  /// something else.
  public static Optional<String> validationCode(byte[] text) {
    if (json(text) instanceof JsonArray batch
        && batch.size() == 1
        && batch.get(0) instanceof JsonObject event
        && Json.of("Microsoft.EventGrid.SubscriptionValidationEvent").equals(event.get("eventType"))
        && event.get("data") instanceof JsonObject data
        && data.get("validationCode") instanceof JsonString code) {
      return Optional.of(code.value());
    }
    return Optional.empty();
  }

  /// Checks that `json` is an event: a known `specversion`, the required attributes, and attributes
  /// of the right types.
  ///
  /// @throws ApiException `invalid cloudevent: …` when it is not one
  public static CloudEvent check(Json json) {
    if (!(json instanceof JsonObject event)) {
      throw invalid("an event must be a JSON object");
    }
    String version = required(event, "specversion");
    if (!version.equals("1.0") && !version.equals("0.3")) {
      throw invalid("specversion must be '1.0' or '0.3', but it is '" + shortened(version) + "'");
    }
    required(event, "id");
    required(event, "source");
    required(event, "type");
    event.forEach(CloudEvents::checkAttribute);
    JsonObject normal = version.equals("0.3") ? upgraded(event) : event;
    checkData(normal);
    return new CloudEvent(normal);
  }

  private static List<CloudEvent> all(JsonArray batch) {
    if (batch.size() > Limits.EVENT_BATCH_MAX) {
      throw invalid(
          "a batch may hold "
              + Limits.EVENT_BATCH_MAX
              + " events, but this one holds "
              + batch.size());
    }
    List<CloudEvent> events = new ArrayList<>();
    for (Json event : batch) {
      events.add(check(fromEventGrid(event)));
    }
    return events;
  }

  /// The CloudEvent that an Event Grid event means; other values stay as they are.
  private static Json fromEventGrid(Json json) {
    if (!(json instanceof JsonObject event)
        || event.has("specversion")
        || !event.has("eventType")
        || !event.has("id")) {
      return json;
    }
    JsonObject.Builder out = JsonObject.builder().put("specversion", "1.0");
    out.put("id", event.get("id"));
    out.put("type", event.get("eventType"));
    out.put("source", event.has("topic") ? event.get("topic") : Json.of("eventgrid.azure.net"));
    copy(event, "subject", out, "subject");
    copy(event, "eventTime", out, "time");
    copy(event, "data", out, "data");
    return out.build();
  }

  private static void copy(JsonObject from, String key, JsonObject.Builder to, String name) {
    if (from.has(key)) {
      to.put(name, from.get(key));
    }
  }

  /// Version 0.3 says with `datacontentencoding` what 1.0 says with `data_base64`.
  private static JsonObject upgraded(JsonObject event) {
    if (Json.of("base64").equals(event.get("datacontentencoding"))
        && event.get("data") instanceof JsonString data) {
      return event.without("datacontentencoding").without("data").with("data_base64", data);
    }
    return event;
  }

  private static void checkAttribute(Map.Entry<String, Json> member) {
    String name = member.getKey();
    if (name.equals("data") || name.equals("data_base64")) {
      return;
    }
    if (!isAttributeName(name)) {
      throw invalid(
          "the attribute name '"
              + shortened(name)
              + "' must consist of lower-case letters and digits");
    }
    switch (member.getValue()) {
      case JsonString text -> checkText(name, text.value());
      case JsonNumber _, JsonBoolean _, JsonNull _ -> {}
      case JsonArray _, JsonObject _ ->
          throw invalid("the attribute '" + name + "' must be a string, a number or a boolean");
    }
  }

  private static void checkText(String name, String value) {
    if (name.equals("time")) {
      try {
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(value);
      } catch (DateTimeException _) {
        throw invalid("time must be an RFC 3339 timestamp, but it is '" + shortened(value) + "'");
      }
    }
  }

  private static void checkData(JsonObject event) {
    Json base64 = event.get("data_base64");
    if (base64 == null) {
      return;
    }
    if (event.has("data")) {
      throw invalid("an event has either data or data_base64, but this one has both");
    }
    if (!(base64 instanceof JsonString text)) {
      throw invalid("data_base64 must be a string");
    }
    try {
      Base64.getDecoder().decode(text.value().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException _) {
      throw invalid("data_base64 is not base64");
    }
  }

  private static String required(JsonObject event, String name) {
    if (!(event.get(name) instanceof JsonString text) || text.value().isEmpty()) {
      throw invalid("the attribute '" + name + "' is required and must be a non-empty string");
    }
    return text.value();
  }

  /// The underscore is not in the standard but in what senders of 0.3 use.
  private static boolean isAttributeName(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_');
  }

  private static Json json(byte[] text) {
    try {
      return JsonReader.read(new String(text, StandardCharsets.UTF_8), LIMITS);
    } catch (JsonException e) {
      throw invalid(e.getMessage());
    }
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  private static ApiException invalid(String message) {
    return Refusals.invalid("invalid cloudevent: " + message);
  }
}
