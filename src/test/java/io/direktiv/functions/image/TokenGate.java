package io.direktiv.functions.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before a registry: gives and asks for tokens (Docker "Token Authentication
/// Specification"), and does what lines and registries do on bad days.
final class TokenGate implements AutoCloseable {
  private static final String HOST = "127.0.0.1:";

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String upstream;
  private final Map<String, String> users;
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger issued = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private volatile String retryAfter = "1";
  private volatile int cutAfter = Integer.MAX_VALUE;
  private volatile boolean isForgetful;
  private volatile boolean isFalse;

  /// @param users `USER:PASSWORD` for the folder of repositories that it may pull from
  TokenGate(String upstream, Map<String, String> users) throws IOException {
    this.upstream = upstream;
    this.users = Map.copyOf(users);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/token", this::token);
    server.createContext("/v2/", this::pass);
    server.start();
  }

  /// Host and port.
  String host() {
    return HOST + server.getAddress().getPort();
  }

  /// Cuts every answer with a blob after so many bytes.
  ///
  /// @param tokensToo whether no token counts after a cut
  void cut(int bytes, boolean tokensToo) {
    cutAfter = bytes;
    isForgetful = tokensToo;
  }

  /// Answers the next `times` requests for manifests with 429.
  void beBusy(int times, String after) {
    busy.set(times);
    retryAfter = after;
  }

  /// Changes a byte of every blob.
  void lie() {
    isFalse = true;
  }

  /// How many tokens were given.
  int issued() {
    return issued.get();
  }

  /// What was asked for, with its answer's status.
  List<String> asked() {
    return asked;
  }

  /// The `Range` headers of requests for blobs.
  List<String> ranges() {
    return ranges;
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> query = new ConcurrentHashMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    String repository = query.getOrDefault("scope", "").split(":")[1];
    String login =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
            .filter(value -> value.startsWith("Basic "))
            .map(value ->
                new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.UTF_8))
            .orElse("");
    String allowed = users.get(login);
    if (allowed == null || !repository.startsWith(allowed)) {
      send(exchange, 401, error("UNAUTHORIZED", "incorrect username or password"));
      return;
    }
    String token = "t" + issued.incrementAndGet();
    tokens.put(token, repository);
    send(
        exchange,
        200,
        JsonObject.builder().put("token", token).put("expires_in", 300).build().toBytes());
  }

  private void pass(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean isBlob = path.contains("/blobs/");
    String repository = path.replaceFirst("^/v2/", "").replaceFirst("/(manifests|blobs)/.*$", "");
    String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!repository.equals(tokens.get(shown.replaceFirst("^Bearer ", "")))) {
      exchange
          .getResponseHeaders()
          .set(
              "WWW-Authenticate",
              "Bearer realm=\"http://"
                  + host()
                  + "/token\",service=\"test\",scope=\"repository:"
                  + repository
                  + ":pull\",error=\"invalid_token\"");
      send(exchange, 401, error("UNAUTHORIZED", "authentication required"));
    } else if (!isBlob && busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.getResponseHeaders().set("Retry-After", retryAfter);
      send(exchange, 429, error("TOOMANYREQUESTS", "You have reached your pull rate limit"));
    } else {
      forward(exchange, path, isBlob);
    }
  }

  private void forward(HttpExchange exchange, String path, boolean isBlob) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + upstream + path));
    for (String header : List.of("Accept", "Range")) {
      exchange
          .getRequestHeaders()
          .getOrDefault(header, List.of())
          .forEach(value -> request.header(header, value));
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (isBlob && range != null) {
      ranges.add(range);
    }
    try {
      HttpResponse<InputStream> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      byte[] body = answer.body().readAllBytes();
      for (String header : List.of("Content-Type", "Content-Range", "Docker-Content-Digest")) {
        answer
            .headers()
            .firstValue(header)
            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
      }
      if (isBlob && isFalse) {
        body[body.length / 2] ^= 1;
      }
      send(exchange, answer.statusCode(), body, isBlob ? cutAfter : Integer.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static byte[] error(String code, String message) {
    Json error = JsonObject.builder().put("code", code).put("message", message).build();
    return JsonObject.of("errors", io.direktiv.json.JsonArray.of(error)).toBytes();
  }

  private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    send(exchange, status, body, Integer.MAX_VALUE);
  }

  private void send(HttpExchange exchange, int status, byte[] body, int most) throws IOException {
    asked.add(exchange.getRequestURI().getPath() + " " + status);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    OutputStream out = exchange.getResponseBody();
    if (body.length > most) {
      out.write(body, 0, most);
      out.flush();
      if (isForgetful) {
        tokens.clear();
      }
      // Closed before all is sent: the server gives up the connection.
      exchange.close();
      return;
    }
    out.write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
