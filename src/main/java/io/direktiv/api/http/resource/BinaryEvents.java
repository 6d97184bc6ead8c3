package io.direktiv.api.http.resource;

import io.direktiv.api.CloudEvents;
import io.direktiv.api.Inputs;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Query;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import java.util.Base64;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;

/// Reads CloudEvents in binary mode: attributes are `ce-…` headers, the body is the data (HTTP
/// protocol binding 1.0.2, section 3.1).
final class BinaryEvents {
  private static final String PREFIX = "ce-";

  private BinaryEvents() {}

  static CloudEvent read(Call call, byte[] body) {
    JsonObject.Builder event = JsonObject.builder();
    for (HttpField field : call.headers()) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        event.put(name.substring(PREFIX.length()), value(field.getValue()));
      }
    }
    call.header("Content-Type").ifPresent(type -> event.put("datacontenttype", type));
    if (body.length > 0) {
      data(event, call.mediaType(), body);
    }
    return CloudEvents.check(event.build());
  }

  /// JSON is kept as such; anything else as base64 (reference 1.3, "Event payload extraction").
  private static void data(JsonObject.Builder event, String type, byte[] body) {
    if (type.equals("application/json") || type.endsWith("+json")) {
      event.put("data", Inputs.strict(body));
    } else if (type.isEmpty() && !(Inputs.lenient(body) instanceof JsonString)) {
      event.put("data", Inputs.lenient(body));
    } else {
      event.put("data_base64", Base64.getEncoder().encodeToString(body));
    }
  }

  /// Section 3.1.3.2: quotes of older senders are taken off, then percent signs decoded.
  private static Json value(String text) {
    String value = text;
    if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
      StringBuilder plain = new StringBuilder();
      for (int i = 1; i < value.length() - 1; i++) {
        if (value.charAt(i) == '\\' && i + 2 < value.length()) {
          i++;
        }
        plain.append(value.charAt(i));
      }
      value = plain.toString();
    }
    return Json.of(Query.decode(value, false));
  }
}
