package io.direktiv.bench;

import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server started by the shipped launcher on a data folder of its own and on free ports.
final class ServerProcess implements AutoCloseable {
  private static final Pattern HTTP = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern GRPC = Pattern.compile("gRPC\\s+127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private int httpPort;
  private int grpcPort;

  private ServerProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /// Starts a server and returns when it says that it is ready.
  static ServerProcess start() throws IOException {
    return start(newFolder(), "127.0.0.1:0");
  }

  /// A new folder for a server's data, key and log.
  static Path newFolder() throws IOException {
    return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
  }

  /// Starts a server whose data stand in `folder` and whose HTTP door has the address `bind`.
  static ServerProcess start(Path folder, String bind) throws IOException {
    Process process =
        new ProcessBuilder(
                "./direktiv",
                "server",
                "--data",
                folder.resolve("data").toString(),
                "--master-key-file",
                folder.resolve("key").toString(),
                "--api-bind",
                bind,
                "--ingress-bind",
                "127.0.0.1:0")
            .redirectError(folder.resolve("log").toFile())
            .start();
    ServerProcess server = new ServerProcess(process, folder);
    server.awaitReady();
    return server;
  }

  private void awaitReady() throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher httpLine = HTTP.matcher(line);
      if (httpLine.find()) {
        httpPort = Integer.parseInt(httpLine.group(1));
      }
      Matcher grpcLine = GRPC.matcher(line);
      if (grpcLine.find()) {
        grpcPort = Integer.parseInt(grpcLine.group(1));
      }
      if (line.startsWith("ready")) {
        return;
      }
    }
    throw new IOException("the server ended: " + Files.readString(folder.resolve("log")));
  }

  int httpPort() {
    return httpPort;
  }

  int grpcPort() {
    return grpcPort;
  }

  Path folder() {
    return folder;
  }

  /// Memory of the process that is resident, in MiB.
  double residentMiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
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
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
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
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
