package io.direktiv.api.http;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.functions.NoFunctions;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.Parts;
import io.direktiv.store.sql.SqlStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// A server in this process with a store of its own, and its HTTP door on a free port.
final class TestDoor implements AutoCloseable {
  static final String HELLO =
      """
      id: helloworld
      states:
      - id: hello
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;

  /// Waits for an event that never comes.
  static final String WAITS =
      """
      id: waits
      states:
      - id: first
        type: noop
        log: .
        transition: second
      - id: second
        type: consumeEvent
        event:
          type: never
      """;

  private final Path folder;
  private final ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Parts parts;
  private final HttpDoor door;

  TestDoor() {
    this(AuthMode.OFF);
  }

  TestDoor(AuthMode auth) {
    this(HttpSettings.of(auth, "1.2.3", () -> "functions: none"));
  }

  TestDoor(HttpSettings settings) {
    try {
      folder = Files.createTempDirectory("direktiv-http");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parts =
        Parts.build(
            SqlStore.open(folder, notifier),
            MasterKey.random(),
            EngineSettings.DEFAULT,
            ExecutionSettings.DEFAULT,
            settings.auth(),
            (_, _) -> new NoFunctions("tests have none"));
    parts.start();
    door = new HttpDoor(parts.api(), new Address("127.0.0.1", 0), settings);
    door.start();
  }

  Parts parts() {
    return parts;
  }

  HttpDoor door() {
    return door;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  /// What came back.
  record Reply(int status, java.net.http.HttpHeaders headers, byte[] bytes) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    JsonObject json() {
      return (JsonObject) Json.parse(bytes);
    }

    JsonObject data() {
      return (JsonObject) json().get("data");
    }

    /// The text at a path of names below `data`.
    String at(String name) {
      return data().get(name).toString();
    }

    String errorCode() {
      return ((io.direktiv.json.JsonString) error().get("code")).value();
    }

    String errorMessage() {
      return ((io.direktiv.json.JsonString) error().get("message")).value();
    }

    JsonObject error() {
      return (JsonObject) json().get("error");
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /// Sends `body` with `headers`, which are names and values in turn.
  Reply send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Reply get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  Reply post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Reply json(String method, String path, String body) {
    return send(
        method, path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
  }

  Reply yaml(String method, String path, String body) {
    return send(
        method, path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/yaml");
  }

  /// A namespace `demo` with these workflows.
  TestDoor with(String... workflows) {
    json("POST", "/api/v2/namespaces", "{\"name\":\"demo\"}");
    for (String workflow : workflows) {
      Reply reply = yaml("POST", "/api/v2/namespaces/demo/workflows", workflow);
      if (reply.status() != 201) {
        throw new IllegalStateException(reply.text());
      }
    }
    return this;
  }

  Socket socket() throws IOException {
    Socket socket = new Socket("127.0.0.1", door.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// Writes `text` to a new connection and returns all that comes back until the server closes.
  String raw(String text) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    door.stop();
    parts.close();
    client.close();
    notifier.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
