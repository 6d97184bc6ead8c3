package io.direktiv.functions.e2e;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A server with functions on a temporary folder, and its API below `/api/v2/namespaces`.
final class FunctionServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;
  private final ServerSpec spec;
  private final StringBuilder said = new StringBuilder();
  private ShippedServer server;
  private String base;

  private FunctionServer(Path folder, Map<String, String> environment, String... prefix) {
    this.folder = folder;
    this.spec =
        ServerSpec.in(folder)
            .withEnvironment(environment)
            .withArguments("--log-level", "debug")
            .withPrefix(prefix);
  }

  /// Starts one with `environment` added.
  static FunctionServer start(Map<String, String> environment) {
    try {
      FunctionServer server =
          new FunctionServer(Files.createTempDirectory("direktiv-e2e"), environment);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts one as another user; its folder for what lives no longer than it is in its own.
  static FunctionServer startAs(int user, Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory("direktiv-e2e");
      Files.setAttribute(folder, "unix:uid", user);
      Map<String, String> all = new HashMap<>(environment);
      all.put("XDG_RUNTIME_DIR", folder.toString());
      String ids = "--reuid=" + user;
      FunctionServer server =
          new FunctionServer(folder, all, "setpriv", ids, "--regid=" + user, "--clear-groups");
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An answer.
  record Reply(int status, Json body) {
    JsonObject data() {
      return (JsonObject) ((JsonObject) body).get("data");
    }
  }

  /// Starts the process; again after `kill`.
  void start() {
    try {
      server = spec.start();
      base = server.api();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What the processes printed and logged.
  String printed() {
    try {
      return said.toString() + server.said() + Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The data folder.
  Path data() {
    return spec.data();
  }

  /// The files of the data folder.
  List<Path> dataFiles() {
    try (Stream<Path> files = Files.walk(spec.data())) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a request below `/api/v2/namespaces`.
  Reply send(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/api/v2/namespaces" + path))
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      byte[] bytes = answer.body();
      return new Reply(answer.statusCode(), bytes.length == 0 ? Json.NULL : Json.parse(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Reply post(String path, Json body) {
    return send("POST", path, "application/json", body.toString());
  }

  Reply get(String path) {
    return send("GET", path, "application/json", "");
  }

  /// The texts under `key` of the list at `path`, in its order.
  List<String> texts(String path, String key) {
    List<String> texts = new ArrayList<>();
    for (Json item : (JsonArray) ((JsonObject) get(path).body()).get("data")) {
      texts.add(((JsonString) ((JsonObject) item).get(key)).value());
    }
    return texts;
  }

  /// Waits until `path` answers an ended instance.
  JsonObject awaitEnd(String path) {
    for (int i = 0; i < 1_200; i++) {
      JsonObject instance = get(path).data();
      if (!instance.get("status").equals(Json.of("pending"))) {
        return instance;
      }
      pause();
    }
    throw new IllegalStateException(path + " does not end: " + get(path + "/logs").body());
  }

  /// Kills the process, which gets no chance to end what it started.
  void kill() {
    try {
      server.crash();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    said.append(server.said());
  }

  /// The processes that it started, and what those started.
  List<ProcessHandle> processes() {
    return server.descendants();
  }

  /// The folder of all it writes.
  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    client.shutdownNow();
    ShippedServer last = server;
    try (last;
        Stream<Path> files = Files.walk(folder)) {
      if (last.isAlive()) {
        last.stop();
      }
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
