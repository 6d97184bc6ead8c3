package io.direktiv.functions.e2e;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
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
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The program `./direktiv server` in a process of its own, with a temporary data folder.
final class ShippedServer implements AutoCloseable {
  private static final Pattern API = Pattern.compile("UI and API +(http://\\S+)");
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;
  private final Map<String, String> environment;
  private Process process;
  private String base;

  private ShippedServer(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /// Starts one with `environment` added.
  static ShippedServer start(Map<String, String> environment) {
    try {
      ShippedServer server =
          new ShippedServer(Files.createTempDirectory("direktiv-e2e"), environment);
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
      Files.createDirectories(folder.resolve("logs"));
      Path log = Files.createTempFile(folder.resolve("logs"), "server", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of("direktiv").toAbsolutePath().toString(),
              "server",
              "--data",
              data().toString(),
              "--api-bind",
              "127.0.0.1:0",
              "--ingress-bind",
              "127.0.0.1:0",
              "--log-level",
              "debug");
      builder.environment().put("DIREKTIV_MASTER_KEY", masterKey());
      builder.environment().putAll(environment);
      process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      base = awaitAddress(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String masterKey() {
    return Base64.getEncoder().encodeToString(new byte[32]);
  }

  private String awaitAddress(Path log) throws IOException {
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      Matcher address = API.matcher(Files.readString(log));
      if (address.find()) {
        return address.group(1);
      }
      pause();
    }
    throw new IllegalStateException("the server did not start: " + Files.readString(log));
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Path data() {
    return folder.resolve("data");
  }

  /// What the processes printed and logged.
  String printed() {
    StringBuilder all = new StringBuilder();
    files(folder.resolve("logs")).forEach(file -> all.append(read(file)));
    return all.toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The files of the data folder.
  List<Path> dataFiles() {
    return files(data());
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
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

  /// Kills the process as a power cut would.
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
