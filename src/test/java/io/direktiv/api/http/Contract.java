package io.direktiv.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.schema.InvalidSchemaException;
import io.direktiv.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The OpenAPI document as a test reads it: its operations, and whether a reply is one of theirs.
final class Contract {
  private final JsonObject document;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  Contract(JsonObject document) {
    this.document = document;
  }

  /// An operation of the document.
  record Operation(String method, String path, JsonObject description) {
    String id() {
      return ((JsonString) description.get("operationId")).value();
    }

    boolean hasBody() {
      return description.has("requestBody");
    }

    /// Media types that the body may have.
    List<String> bodyTypes() {
      return List.copyOf(object(object(description, "requestBody"), "content").keys());
    }

    boolean isBodyRequired() {
      return object(description, "requestBody").get("required") == Json.TRUE;
    }

    int bodyBytesMax() {
      return (int) ((JsonNumber) object(description, "requestBody").get("x-bytes-max")).longValue();
    }

    @Override
    public String toString() {
      return id() + " (" + method + " " + path + ")";
    }
  }

  private static JsonObject object(JsonObject from, String key) {
    return (JsonObject) from.get(key);
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    object(document, "paths")
        .forEach(path ->
            ((JsonObject) path.getValue())
                .forEach(method ->
                    operations.add(
                        new Operation(
                            method.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            (JsonObject) method.getValue()))));
    return operations;
  }

  /// Fails unless the document says that `operation` may answer so.
  void check(Operation operation, String what, TestDoor.Reply reply) {
    String at = operation + ", " + what + ": " + reply.status() + " " + reply.text();
    JsonObject responses = object(operation.description(), "responses");
    Json response = responses.get(Integer.toString(reply.status()));
    assertThat(response).as("documented status, " + at).isNotNull();
    Json content = ((JsonObject) response).get("content");
    if (content == null) {
      assertThat(reply.bytes()).as("no body, " + at).isEmpty();
      return;
    }
    String type = reply.header("Content-Type").split(";")[0];
    JsonObject types = (JsonObject) content;
    Json media = types.has(type) ? types.get(type) : types.get("*/*");
    assertThat(media).as("documented type '" + type + "', " + at).isNotNull();
    if (((JsonObject) media).get("schema") instanceof JsonObject schema) {
      assertThat(problems(schema, Json.parse(reply.bytes()))).as(at).isEmpty();
    }
  }

  private List<Schema.Violation> problems(JsonObject schema, Json body) {
    String name = ((JsonString) schema.get("$ref")).value().replaceAll(".*/", "");
    return schemas.computeIfAbsent(name, this::compile).validate(body);
  }

  /// The schema with all the others beside it.
  private Schema compile(String name) {
    String all = object(object(document, "components"), "schemas").toString();
    Json definitions = Json.parse(all.replace("#/components/schemas/", "#/$defs/"));
    try {
      return Schema.compile(
          JsonObject.builder()
              .put("$schema", "https://json-schema.org/draft/2020-12/schema")
              .put("$ref", "#/$defs/" + name)
              .put("$defs", definitions)
              .build());
    } catch (InvalidSchemaException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
