package io.direktiv.functions.docker;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Speaks HTTP/1.1 to one engine: a connection for each request, which on a socket of the same
/// machine costs less than keeping them. Safe for use by many threads.
final class EngineClient {
  /// The version of the interface that Docker from 20.10 and Podman from 3 have.
  private static final String VERSION = "/v1.41";

  private final EngineAddress address;

  EngineClient(EngineAddress address) {
    this.address = address;
  }

  EngineAddress address() {
    return address;
  }

  /// Fails when no engine answers.
  void ping() throws IOException {
    try (Answer answer = send("GET", "/_ping", Map.of(), new byte[0], Limits.PING_TIME)) {
      answer.requireSuccess();
    }
  }

  JsonObject get(String path) throws IOException {
    try (Answer answer = open("GET", path, Limits.REQUEST_TIME)) {
      return answer.requireSuccess().json();
    }
  }

  Json getAny(String path) throws IOException {
    try (Answer answer = open("GET", path, Limits.REQUEST_TIME)) {
      return answer.requireSuccess().any();
    }
  }

  /// Posts JSON and reads the answer's object.
  JsonObject post(String path, JsonObject body) throws IOException {
    Map<String, String> headers = Map.of("Content-Type", "application/json");
    try (Answer answer =
        send("POST", VERSION + path, headers, body.toBytes(), Limits.REQUEST_TIME)) {
      return answer.requireSuccess().json();
    }
  }

  /// Sends a request without a body and leaves the answer's body unread.
  void command(String method, String path) throws IOException {
    try (Answer answer = open(method, path, Limits.REQUEST_TIME)) {
      answer.requireSuccess();
    }
  }

  /// Sends an archive; the caller reads and closes the answer.
  Answer send(String method, String path, byte[] tar) throws IOException {
    Map<String, String> headers = Map.of("Content-Type", "application/x-tar");
    return send(method, VERSION + path, headers, tar, Limits.REQUEST_TIME);
  }

  /// Sends a request without a body; the caller reads and closes the answer within `time`.
  Answer open(String method, String path, Duration time) throws IOException {
    return send(method, VERSION + path, Map.of(), new byte[0], time);
  }

  /// Sends a request with more headers; the caller reads and closes the answer within `time`.
  Answer open(String method, String path, Map<String, String> headers, Duration time)
      throws IOException {
    return send(method, VERSION + path, headers, new byte[0], time);
  }

  private Answer send(
      String method, String path, Map<String, String> headers, byte[] body, Duration time)
      throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: engine\r\n");
    if (!headers.containsKey("Connection")) {
      head.append("Connection: close\r\n");
    }
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    Connection connection = Connection.open(address.socket(), time);
    try {
      OutputStream out = connection.out();
      out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      if (body.length > 0) {
        out.write(body);
      }
      return Answer.read(connection);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /// `text` for a query.
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
