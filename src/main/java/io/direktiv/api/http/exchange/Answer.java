package io.direktiv.api.http.exchange;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/// What a request is answered with.
public sealed interface Answer {
  String JSON = "application/json";

  /// The HTTP status.
  int status();

  /// Headers beside the type and the length.
  Map<String, String> headers();

  /// A body that is known as a whole.
  record Content(int status, String type, byte[] body, Map<String, String> headers)
      implements Answer {
    public Content with(String name, String value) {
      Map<String, String> more = new java.util.LinkedHashMap<>(headers);
      more.put(name, value);
      return new Content(status, type, body, more);
    }
  }

  /// Server-sent events that are written one after the other.
  record Events(Map<String, String> headers, Writer writer) implements Answer {
    @Override
    public int status() {
      return 200;
    }
  }

  /// Writes events until there are no more.
  interface Writer {
    void write(EventSink sink) throws IOException, InterruptedException;
  }

  static Content json(int status, Json body) {
    return new Content(status, JSON, body.toBytes(), Map.of());
  }

  /// `{"data": …}`.
  static Content data(int status, Json data) {
    return json(status, JsonObject.of("data", data));
  }

  static Content ok(Json data) {
    return data(200, data);
  }

  /// A page of a list: `{"data": […], "meta": {"total", "offset", "limit"}}`.
  static <T> Content list(Listing<T> listing, Page page, Function<T, ? extends Json> shape) {
    JsonArray items = JsonArray.of(listing.items().stream().<Json>map(shape).toList());
    JsonObject meta =
        JsonObject.builder()
            .put("total", listing.total())
            .put("offset", page.offset())
            .put("limit", page.limit())
            .build();
    return json(200, JsonObject.builder().put("data", items).put("meta", meta).build());
  }

  static Content bytes(String type, byte[] body) {
    return new Content(200, type, body, Map.of());
  }

  static Content nothing() {
    return new Content(204, "", new byte[0], Map.of());
  }

  /// Text that may stand in a header: one line of printable ASCII, shortened.
  static String headerText(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < Limits.HEADER_TEXT_CHARS_MAX; i++) {
      char c = text.charAt(i);
      out.append(c >= ' ' && c < 127 ? c : c < ' ' || c == 127 ? ' ' : '?');
    }
    return out.toString();
  }
}
