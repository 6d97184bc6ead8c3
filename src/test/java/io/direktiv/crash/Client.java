package io.direktiv.crash;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The API as far as a crash run needs it: HTTP, and starts over gRPC as well. Every method throws
/// `IOException` when the server gives no answer, and `IllegalStateException` when it gives another
/// one than was wanted.
final class Client implements AutoCloseable {
  private static final int PAGE = 10_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final GrpcStarts grpc;
  private final String namespace;

  Client(ShippedServer server, String namespace) throws InterruptedException {
    this.namespace = server.api() + "/api/v2/namespaces/" + namespace;
    this.grpc = new GrpcStarts(server.grpc(), namespace);
  }

  private Json send(HttpRequest.Builder request, int status)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            request.timeout(Duration.ofSeconds(60)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != status) {
      throw new IllegalStateException(
          answer.uri() + " answered " + answer.statusCode() + ": " + new String(answer.body()));
    }
    return Json.parse(answer.body());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(namespace + path));
  }

  private static HttpRequest.BodyPublisher body(Json json) {
    return HttpRequest.BodyPublishers.ofByteArray(json.toBytes());
  }

  void createNamespace() throws IOException, InterruptedException {
    int slash = namespace.lastIndexOf('/');
    send(
        HttpRequest.newBuilder(URI.create(namespace.substring(0, slash)))
            .header("Content-Type", "application/json")
            .POST(body(JsonObject.of("name", Json.of(namespace.substring(slash + 1))))),
        201);
  }

  void createWorkflow(String source) throws IOException, InterruptedException {
    send(
        to("/workflows")
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(source)),
        201);
  }

  /// Starts an instance, once however often it is asked with this key, and returns its id.
  String start(String workflow, Json input, String key) throws IOException, InterruptedException {
    Json answer =
        send(
            to("/instances?workflow=" + workflow)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(body(input)),
            201);
    return text(((JsonObject) answer).get("data"), "id");
  }

  /// The same at the gRPC door.
  String startByGrpc(String workflow, Json input, String key) throws IOException {
    return grpc.start(workflow, input, key);
  }

  /// Publishes an event.
  void publish(JsonObject event) throws IOException, InterruptedException {
    send(
        to("/events").header("Content-Type", "application/cloudevents+json").POST(body(event)),
        202);
  }

  /// Cancels an instance; once more is fine.
  void cancel(String id) throws IOException, InterruptedException {
    HttpRequest request =
        to("/instances" + id.substring(id.indexOf('/')))
            .header("Content-Type", "application/json")
            .method("PATCH", body(JsonObject.of("status", Json.of("cancelled"))))
            .timeout(Duration.ofSeconds(60))
            .build();
    int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200 && status != 409) {
      throw new IllegalStateException("cancelling " + id + " answered " + status);
    }
  }

  /// The status of an instance, whose id is `namespace/workflow/suffix`.
  String status(String id) throws IOException, InterruptedException {
    Json answer = send(to("/instances" + id.substring(id.indexOf('/'))).GET(), 200);
    return text(((JsonObject) answer).get("data"), "status");
  }

  /// The output of an ended instance.
  Json output(String id) throws IOException, InterruptedException {
    return send(to("/instances" + id.substring(id.indexOf('/')) + "/output").GET(), 200);
  }

  /// How many instances have this status.
  long count(String status) throws IOException, InterruptedException {
    Json answer = send(to("/instances?limit=1&status=" + status).GET(), 200);
    return ((JsonNumber) ((JsonObject) ((JsonObject) answer).get("meta")).get("total")).longValue();
  }

  /// The ids of all instances of a workflow, or with a status.
  List<String> instances(String condition) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    List<String> page = new ArrayList<>();
    do {
      page.clear();
      Json answer =
          send(
              to("/instances?limit=" + PAGE + "&offset=" + ids.size() + "&" + condition).GET(),
              200);
      for (Json entry : (JsonArray) ((JsonObject) answer).get("data")) {
        page.add(text(entry, "id"));
      }
      ids.addAll(page);
    } while (page.size() == PAGE);
    return ids;
  }

  private static String text(Json object, String key) {
    return ((JsonString) ((JsonObject) object).get(key)).value();
  }

  @Override
  public void close() {
    grpc.close();
    http.shutdownNow();
  }
}
