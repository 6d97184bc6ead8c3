package io.direktiv.api.http.resource;

import io.direktiv.api.http.exchange.Parameter;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The OpenAPI 3.1 document, written from the table of routes. Its schemas are hand-written, in
/// `schemas.json`.
final class OpenApi {
  private final String version;
  private final List<Route> routes;
  private byte[] written;

  OpenApi(String version, List<Route> routes) {
    this.version = version;
    this.routes = routes;
  }

  /// The document as JSON text; made once.
  synchronized byte[] bytes() {
    if (written == null) {
      written = document().toBytes();
    }
    return written;
  }

  private JsonObject document() {
    Map<String, JsonObject> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      JsonObject path = paths.getOrDefault(route.path(), JsonObject.EMPTY);
      paths.put(route.path(), path.with(route.method().toLowerCase(Locale.ROOT), operation(route)));
    }
    JsonObject schemas = (JsonObject) Json.parse(ServerRoutes.resource("schemas.json"));
    return JsonObject.builder()
        .put("openapi", "3.1.0")
        .put("info", info())
        .put("servers", JsonArray.of(JsonObject.of("url", Json.of("/"))))
        .put("security", JsonArray.of(JsonObject.EMPTY, security()))
        .put("paths", JsonObject.of(paths))
        .put(
            "components",
            JsonObject.builder().put("securitySchemes", schemes()).put("schemas", schemas).build())
        .build();
  }

  private JsonObject info() {
    return JsonObject.builder()
        .put("title", "Direktiv")
        .put("version", version)
        .put("description", "Serverless workflows: namespaces, workflows, instances and events.")
        .put(
            "license",
            JsonObject.builder().put("name", "Apache-2.0").put("identifier", "Apache-2.0").build())
        .build();
  }

  private static JsonObject security() {
    return JsonObject.of("token", JsonArray.EMPTY);
  }

  private static JsonObject schemes() {
    return JsonObject.of(
        "token", JsonObject.builder().put("type", "http").put("scheme", "bearer").build());
  }

  private static JsonObject operation(Route route) {
    JsonObject.Builder operation =
        JsonObject.builder().put("operationId", route.operation()).put("summary", route.summary());
    if (route.guard() == Route.Guard.NOBODY) {
      operation.put("security", JsonArray.EMPTY);
    }
    List<Json> parameters = new ArrayList<>();
    for (String segment : route.path().split("/")) {
      if (segment.startsWith("{")) {
        String name = segment.substring(1, segment.length() - 1);
        parameters.add(
            parameter("path", new Parameter(name, Parameter.Kind.TEXT, "Part of the path."))
                .with("required", Json.TRUE));
      }
    }
    route.parameters().forEach(known -> parameters.add(parameter("query", known)));
    route.headers().forEach(known -> parameters.add(parameter("header", known)));
    if (!parameters.isEmpty()) {
      operation.put("parameters", JsonArray.of(parameters));
    }
    route.body().ifPresent(body -> operation.put("requestBody", body(body)));
    return operation.put("responses", responses(route)).build();
  }

  private static JsonObject parameter(String where, Parameter parameter) {
    return JsonObject.builder()
        .put("name", parameter.name())
        .put("in", where)
        .put("description", parameter.description())
        .put("schema", schema(parameter.kind()))
        .build();
  }

  private static JsonObject schema(Parameter.Kind kind) {
    return switch (kind) {
      case TEXT -> JsonObject.of("type", Json.of("string"));
      case FLAG -> JsonObject.of("type", Json.of("boolean"));
      case NUMBER -> JsonObject.builder().put("type", "integer").put("minimum", 0).build();
      case TIME -> JsonObject.builder().put("type", "string").put("format", "date-time").build();
    };
  }

  private static JsonObject body(Route.Body body) {
    JsonObject.Builder content = JsonObject.builder();
    for (String type : body.types()) {
      boolean isDescribed = !body.schema().isEmpty() && type.equals("application/json");
      content.put(type, isDescribed ? media(body.schema()) : JsonObject.EMPTY);
    }
    return JsonObject.builder()
        .put("description", "At most " + body.bytesMax() + " bytes.")
        .put("x-bytes-max", body.bytesMax())
        .put("required", body.isRequired())
        .put("content", content.build())
        .build();
  }

  private static JsonObject media(String schema) {
    return JsonObject.of(
        "schema", JsonObject.of("$ref", Json.of("#/components/schemas/" + schema)));
  }

  private static JsonObject responses(Route route) {
    Map<String, JsonObject> responses = new LinkedHashMap<>();
    for (Route.Reply reply : route.replies()) {
      String status = Integer.toString(reply.status());
      JsonObject response =
          responses.getOrDefault(
              status, JsonObject.of("description", Json.of(reply.description())));
      if (!reply.type().isEmpty()) {
        JsonObject content =
            response.get("content") instanceof JsonObject known ? known : JsonObject.EMPTY;
        JsonObject media = reply.schema().isEmpty() ? JsonObject.EMPTY : media(reply.schema());
        response = response.with("content", content.with(reply.type(), media));
      }
      responses.put(status, response);
    }
    usual(route).forEach((status, why) -> responses.putIfAbsent(status, refusal(why)));
    return JsonObject.of(responses);
  }

  /// What every operation may answer instead of what it is for.
  private static Map<String, String> usual(Route route) {
    Map<String, String> usual = new LinkedHashMap<>();
    usual.put("400", "Something about the request is wrong; the message says what.");
    if (route.guard() != Route.Guard.NOBODY) {
      usual.put("401", "The server wants an API token, or does not know this one.");
    }
    usual.put("403", "The caller may not do this.");
    if (route.path().contains("{")) {
      usual.put("404", "Something that the request names does not exist.");
    }
    if (route.body().isPresent()) {
      usual.put("408", "The body came too slowly.");
      usual.put("413", "The body is too long.");
      usual.put("415", "The body has a type that is not read here.");
    }
    usual.put("431", "The headers are too long.");
    usual.put("500", "An internal error, or the failure of an instance that was waited for.");
    usual.put("503", "The server is busy or stopping; try again after `Retry-After` seconds.");
    return usual;
  }

  private static JsonObject refusal(String why) {
    return JsonObject.builder()
        .put("description", why)
        .put("content", JsonObject.of("application/json", media("Error")))
        .build();
  }
}
