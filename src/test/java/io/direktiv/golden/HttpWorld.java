package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.VariableScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The same namespace through the HTTP door: what a case does are requests, and what it sees is
/// what the door tells, compared with what the store holds.
final class HttpWorld extends ServerWorld {
  private static final String JSON = "application/json";

  private final HttpClient client;

  HttpWorld(Server server, Mocks mocks, HttpClient client) {
    super(server, mocks);
    this.client = client;
  }

  private record Reply(int status, String text) {
    JsonObject object() {
      return (JsonObject) Json.parse(text);
    }

    JsonObject data() {
      return (JsonObject) object().get("data");
    }
  }

  private Reply send(String method, String path, String type, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + server().port()
                        + "/api/v2/namespaces/"
                        + namespace()
                        + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<byte[]> reply = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(reply.statusCode(), new String(reply.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Reply send(String method, String path, JsonObject body) {
    return send(method, path, JSON, body.toBytes());
  }

  private Reply get(String path) {
    return send("GET", path, JSON, new byte[0]);
  }

  private static Reply good(Reply reply) {
    assertThat(reply.status).as(reply.text).isBetween(200, 299);
    return reply;
  }

  // ---- what a case does ----

  @Override
  public String put(String source, String logToEvents) {
    byte[] body = source.getBytes(StandardCharsets.UTF_8);
    Reply created = send("POST", "/workflows?logToEvents=" + logToEvents, "application/yaml", body);
    if (created.status == 409) {
      return text(good(send("PUT", "/workflows/" + id(source), "application/yaml", body)), "id");
    }
    return text(good(created), "id");
  }

  private static String text(Reply reply, String key) {
    return ((JsonString) reply.data().get(key)).value();
  }

  @Override
  public void setActive(String workflow, boolean isActive) {
    good(send("PATCH", "/workflows/" + workflow, JsonObject.of("active", Json.of(isActive))));
  }

  @Override
  public void putSecret(String name, String value) {
    good(
        send(
            "POST", "/secrets", JsonObject.builder().put("name", name).put("data", value).build()));
  }

  @Override
  public void putVariable(VariableScope scope, String workflow, String key, Json value) {
    String owner = scope == VariableScope.NAMESPACE ? "" : "/workflows/" + workflow;
    good(send("PUT", owner + "/variables/" + key, JSON, value.toBytes()));
  }

  @Override
  public Optional<byte[]> variable(VariableScope scope, String workflow, String key) {
    String owner = scope == VariableScope.NAMESPACE ? "" : "/workflows/" + workflow;
    Reply reply = get(owner + "/variables/" + key);
    return reply.status == 404
        ? Optional.empty()
        : Optional.of(good(reply).text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public InstanceId start(String workflow, Json input, boolean isManual) {
    String path = "/instances?workflow=" + workflow + "&manual=" + isManual;
    Reply reply = send("POST", path, JSON, input.toBytes());
    if (reply.status >= 400) {
      JsonObject error = (JsonObject) reply.object().get("error");
      throw new Refused(((JsonString) error.get("message")).value());
    }
    rest();
    return InstanceId.parse(text(reply, "id")).orElseThrow();
  }

  @Override
  public void publish(CloudEvent event) {
    good(send("POST", "/events", "application/cloudevents+json", event.json().toBytes()));
    rest();
  }

  @Override
  public boolean cancel(InstanceId id, String reason) {
    JsonObject body = JsonObject.builder().put("status", "cancelled").put("reason", reason).build();
    Reply reply = send("PATCH", path(id), body);
    rest();
    if (reply.status != 409) {
      good(reply);
    }
    return reply.status != 409;
  }

  private static String path(InstanceId id) {
    return "/instances/" + id.workflow() + "/" + id.suffix();
  }

  // ---- what a case sees ----

  @Override
  public Seen see(InstanceId id) {
    Seen seen = super.see(id);
    checkInstance(id, seen.instance());
    JsonArray logs = (JsonArray) good(get(path(id) + "/logs?limit=1000")).object().get("data");
    List<LogLine> lines = seen.logs().subList(0, Math.min(1000, seen.logs().size()));
    assertThat(logs.size()).isEqualTo(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(((JsonObject) logs.get(i)).get("message"))
          .isEqualTo(Json.of(lines.get(i).message()));
    }
    JsonArray visits = (JsonArray) good(get(path(id) + "/history?limit=1000")).object().get("data");
    List<Visit> history = seen.history().subList(0, Math.min(1000, seen.history().size()));
    assertThat(visits.size()).isEqualTo(history.size());
    for (int i = 0; i < history.size(); i++) {
      JsonObject visit = (JsonObject) visits.get(i);
      assertThat(visit.get("state")).isEqualTo(Json.of(history.get(i).state()));
      assertThat(visit.get("result")).isEqualTo(Json.of(history.get(i).result().word()));
    }
    return seen;
  }

  private void checkInstance(InstanceId id, Instance instance) {
    JsonObject told = good(get(path(id))).data();
    Optional<WorkflowError> error = instance.ending().flatMap(Instance.Ending::error);
    assertThat(told.get("status")).isEqualTo(Json.of(instance.status().word()));
    assertThat(told.get("revision")).isEqualTo(JsonNumber.of(instance.revision()));
    assertThat(told.get("flow"))
        .isEqualTo(JsonArray.of(instance.flow().stream().map(Json::of).toList()));
    assertThat(told.get("errorCode"))
        .isEqualTo(error.<Json>map(e -> Json.of(e.code())).orElse(Json.NULL));
    assertThat(told.get("errorMessage"))
        .isEqualTo(error.<Json>map(e -> Json.of(e.message())).orElse(Json.NULL));
    assertThat(Json.parse(good(get(path(id) + "/input")).text)).isEqualTo(instance.input());
    Optional<Json> output = instance.ending().flatMap(Instance.Ending::output);
    Reply reply = get(path(id) + "/output");
    if (output.isPresent()) {
      assertThat(Json.parse(good(reply).text)).isEqualTo(output.get());
    } else {
      assertThat(reply.status).isIn(404, 409);
    }
  }
}
