package io.direktiv.bench;

import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A shipped server that is measured, on a folder of its own and on free ports.
final class BenchServer implements AutoCloseable {
  private final ShippedServer server;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;
  private final String grpc;

  private BenchServer(ShippedServer server, Path folder) throws InterruptedException {
    this.server = server;
    this.folder = folder;
    this.api = URI.create(server.api());
    this.grpc = server.grpc();
  }

  /// Starts a server and returns when it says that it is ready.
  static BenchServer start() throws IOException, InterruptedException {
    return start(ServerSpec.in(newFolder()));
  }

  /// A new folder for a server's data, key and log.
  static Path newFolder() throws IOException {
    return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
  }

  /// Starts this server and returns when it says that it is ready.
  static BenchServer start(ServerSpec spec) throws IOException, InterruptedException {
    return new BenchServer(spec.start(), spec.folder());
  }

  int httpPort() {
    return api.getPort();
  }

  String grpc() {
    return grpc;
  }

  Path folder() {
    return folder;
  }

  /// Memory of the process that is resident, in MiB.
  double residentMiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D+", "")) / 1024.0;
      }
    }
    throw new IOException("no VmRSS in /proc");
  }

  /// Sends a request that must succeed.
  String send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path))
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + answer.body());
    }
    return answer.body();
  }

  /// A figure of the store, such as `flushes`.
  long store(String figure) throws IOException, InterruptedException {
    JsonObject answer = (JsonObject) Json.parse(send("GET", "/api/v2/status", "text/plain", ""));
    JsonObject store = (JsonObject) ((JsonObject) answer.get("data")).get("store");
    return (long) ((JsonNumber) store.get(figure)).doubleValue();
  }

  @Override
  public void close() throws IOException {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /// Stops the server and leaves its folder.
  void stop() {
    try (server) {
      server.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
