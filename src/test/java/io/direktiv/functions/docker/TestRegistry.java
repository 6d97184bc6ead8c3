package io.direktiv.functions.docker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/// A registry with one image, under any name, for those who know user and password (Docker Registry
/// HTTP API V2).
final class TestRegistry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private final HttpServer server;
  private final String login;
  private final byte[] config;
  private final byte[] layer;
  private final byte[] manifest;
  private final AtomicInteger manifests = new AtomicInteger();

  TestRegistry(TestImage image, String user, String password) {
    login =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    config = image.config();
    layer = gzip(image.layer());
    manifest = manifest();
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v2/", this::answer);
    server.start();
  }

  /// Host and port.
  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// How often a manifest was fetched.
  int manifests() {
    return manifests.get();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private byte[] manifest() {
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("mediaType", MANIFEST)
        .put("config", part("application/vnd.docker.container.image.v1+json", config))
        .put(
            "layers",
            JsonArray.of(part("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)))
        .build()
        .toBytes();
  }

  private static Json part(String type, byte[] bytes) {
    return JsonObject.builder()
        .put("mediaType", type)
        .put("size", bytes.length)
        .put("digest", "sha256:" + TestImage.sha256(bytes))
        .build();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
      send(exchange, 401, "application/json", "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
    } else if (path.equals("/v2/")) {
      send(exchange, 200, "application/json", "{}");
    } else if (path.contains("/manifests/") && path.contains("there")) {
      manifests.incrementAndGet();
      send(exchange, 200, MANIFEST, manifest);
    } else if (path.endsWith(TestImage.sha256(config))) {
      send(exchange, 200, "application/octet-stream", config);
    } else if (path.endsWith(TestImage.sha256(layer))) {
      send(exchange, 200, "application/octet-stream", layer);
    } else {
      send(
          exchange,
          404,
          "application/json",
          "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}");
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    send(exchange, status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
    exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + TestImage.sha256(body));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
