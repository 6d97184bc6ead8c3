package io.direktiv.functions.docker;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// A registry with one image, under any name, for those who know user and password (Docker Registry
/// HTTP API V2).
public final class TestRegistry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final String login;
  private final byte[] config;
  private final byte[] layer;
  private final byte[] manifest;
  private final AtomicInteger manifests = new AtomicInteger();

  /// Serves `image`.
  public TestRegistry(TestImage image, String user, String password) {
    login =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    config = image.config();
    layer = gzip(image.layer());
    manifest = manifest();
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            answer(request, response, callback);
            return true;
          }
        });
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Host and port.
  public String host() {
    return "127.0.0.1:" + connector.getLocalPort();
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

  private void answer(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    if (!login.equals(request.getHeaders().get("Authorization"))) {
      response.getHeaders().put("WWW-Authenticate", "Basic realm=\"test\"");
      send(response, callback, 401, error("UNAUTHORIZED", "who are you"));
    } else if (path.equals("/v2/")) {
      send(response, callback, 200, "{}".getBytes(StandardCharsets.UTF_8));
    } else if (path.contains("/manifests/") && path.contains("there")) {
      manifests.incrementAndGet();
      response.getHeaders().put("Content-Type", MANIFEST);
      send(response, callback, 200, manifest);
    } else if (path.endsWith(TestImage.sha256(config))) {
      send(response, callback, 200, config);
    } else if (path.endsWith(TestImage.sha256(layer))) {
      send(response, callback, 200, layer);
    } else {
      send(response, callback, 404, error("MANIFEST_UNKNOWN", "manifest unknown"));
    }
  }

  private static byte[] error(String code, String message) {
    return ("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void send(Response response, Callback callback, int status, byte[] body) {
    if (!response.getHeaders().contains("Content-Type")) {
      response.getHeaders().put("Content-Type", "application/json");
    }
    response.getHeaders().put("Docker-Content-Digest", "sha256:" + TestImage.sha256(body));
    response.getHeaders().put("Content-Length", body.length);
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
