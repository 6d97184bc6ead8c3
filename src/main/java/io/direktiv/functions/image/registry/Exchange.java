package io.direktiv.functions.image.registry;

import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/// Sends requests, follows redirects and tries again what may succeed later. Safe for use by many
/// threads.
///
/// An `Authorization` header is sent to the address that it was made for and to no other: a blob
/// store to which a registry leads gets none.
final class Exchange {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> LATER = Set.of(429, 500, 502, 503, 504);

  private final HttpClient client;
  private final Reach reach;

  Exchange(HttpClient client, Reach reach) {
    this.client = client;
    this.reach = reach;
  }

  /// An answer, whose body must be read or closed.
  record Reply(URI uri, int status, HttpHeaders headers, InputStream body)
      implements AutoCloseable {
    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException _) {
        // The connection is given up, which is what was wanted.
      }
    }

    /// The whole body.
    ///
    /// @throws ProtocolException when it is longer than `most` bytes
    /// @throws IOException also when it stands still
    byte[] bytes(int most) throws IOException {
      try (StallGuard guard = new StallGuard(body)) {
        byte[] bytes = guard.in().readNBytes(most + 1);
        if (bytes.length > most) {
          throw new ProtocolException("it answers with more than " + most + " bytes");
        }
        return bytes;
      }
    }

    /// How long it asks to be left alone (RFC 9110, section 10.2.3), when it says so in seconds.
    Optional<Duration> retryAfter() {
      return headers
          .firstValue("Retry-After")
          .filter(text -> text.matches("[0-9]{1,9}"))
          .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /// What the registry says, for a message: its own words if it has some, else the status.
    String words() {
      String status = "HTTP " + status();
      try {
        if (Json.parse(bytes(Limits.TEXT_BYTES_MAX)) instanceof JsonObject json) {
          String text = text(json);
          return text.isEmpty() ? status : quoted(text) + " (" + status + ")";
        }
      } catch (IOException | JsonException _) {
        // The status has to do.
      }
      return status;
    }

    private static String text(JsonObject json) {
      JsonObject error =
          json.get("errors") instanceof JsonArray errors
                  && !errors.isEmpty()
                  && errors.toList().getFirst() instanceof JsonObject first
              ? first
              : json;
      for (String key : new String[] {"message", "details", "code", "error"}) {
        if (error.get(key) instanceof JsonString(String text) && !text.isBlank()) {
          return text;
        }
      }
      return "";
    }

    private static String quoted(String text) {
      String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
      return '"'
          + (clean.length() <= Limits.QUOTE_CHARS_MAX
              ? clean
              : clean.substring(0, Limits.QUOTE_CHARS_MAX) + "…")
          + '"';
    }
  }

  /// Gets `uri`; returns what is neither a redirect nor a passing failure.
  ///
  /// @param authorization what to show to the host of `uri`
  /// @throws ImageException when nobody answers in the end
  Reply get(URI uri, Map<String, String> headers, Optional<String> authorization)
      throws ImageException, InterruptedException {
    URI at = uri;
    for (int i = 0; i <= Limits.REDIRECTS_MAX; i++) {
      HttpRequest.Builder request = builder(at, headers).GET();
      if (isSamePlace(uri, at)) {
        authorization.ifPresent(value -> request.header("Authorization", value));
      }
      Reply reply = patiently(request.build());
      if (!REDIRECTS.contains(reply.status())) {
        return reply;
      }
      reply.close();
      at = target(at, reply);
      reach.require(uri, at);
    }
    throw untrusted(uri, "leads to more than " + Limits.REDIRECTS_MAX + " other places");
  }

  /// Posts a form.
  Reply post(URI uri, String form) throws ImageException, InterruptedException {
    return patiently(
        builder(uri, Map.of("Content-Type", "application/x-www-form-urlencoded"))
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private static HttpRequest.Builder builder(URI uri, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Limits.ANSWER_TIME)
            .header("User-Agent", "direktiv");
    headers.forEach(request::header);
    return request;
  }

  private static boolean isSamePlace(URI a, URI b) {
    return a.getScheme().equals(b.getScheme()) && a.getRawAuthority().equals(b.getRawAuthority());
  }

  private static URI target(URI from, Reply reply) throws ImageException {
    String location = reply.headers().firstValue("Location").orElse("");
    try {
      URI target = from.resolve(location);
      if (!location.isEmpty() && target.getHost() != null) {
        return target;
      }
    } catch (IllegalArgumentException _) {
      // Refused below.
    }
    throw untrusted(from, "leads to another place without saying which");
  }

  /// Sends until there is an answer that is no passing failure, or the tries are used up.
  private Reply patiently(HttpRequest request) throws ImageException, InterruptedException {
    Duration pause = Limits.PAUSE;
    for (int i = 1; ; i++) {
      boolean isLast = i == Limits.TRIES;
      try {
        Reply reply = send(request);
        Duration wanted = reply.retryAfter().orElse(pause);
        boolean isTooLong = wanted.compareTo(Limits.PAUSE_MAX) > 0;
        if (isLast || isTooLong || !LATER.contains(reply.status())) {
          return reply;
        }
        reply.close();
        pause = wanted;
      } catch (SSLException e) {
        throw untrusted(request.uri(), reason(e) + through(request.uri()));
      } catch (IOException e) {
        if (isLast) {
          throw unreachable(request.uri(), reason(e) + through(request.uri()));
        }
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
    }
  }

  private Reply send(HttpRequest request) throws IOException, InterruptedException {
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      return new Reply(response.uri(), response.statusCode(), response.headers(), response.body());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Names the proxy, which may be what failed.
  private String through(URI uri) {
    return client.proxy().stream()
        .flatMap(proxies -> proxies.select(uri).stream())
        .filter(proxy -> proxy.address() instanceof InetSocketAddress)
        .map(proxy -> (InetSocketAddress) proxy.address())
        .map(at -> " (through the proxy " + at.getHostString() + ":" + at.getPort() + ")")
        .findFirst()
        .orElse("");
  }

  static ImageException unreachable(URI uri, String reason) {
    return new ImageException(
        Kind.UNREACHABLE,
        "the registry at " + place(uri) + " " + reason,
        "check the registry's name and the network, or try again later");
  }

  static ImageException untrusted(URI uri, String reason) {
    return new ImageException(
        Kind.UNTRUSTED,
        "the registry at " + place(uri) + " " + reason,
        "check the registry's name and who answers there");
  }

  /// True for the answers of who cannot do now what it may do later.
  static boolean isAway(int status) {
    return LATER.contains(status) || status >= 500;
  }

  /// Scheme, host and port: the rest may hold signatures.
  static String place(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "cannot be reached: there is no such host";
      }
    }
    String message = e.getMessage() == null ? "" : ": " + e.getMessage();
    return switch (e) {
      case HttpConnectTimeoutException _ ->
          "cannot be reached: no connection within " + Limits.CONNECT_TIME.toSeconds() + " s";
      case HttpTimeoutException _ ->
          "does not answer within " + Limits.ANSWER_TIME.toSeconds() + " s";
      case ConnectException _ ->
          "cannot be reached" + (message.isEmpty() ? ": connection refused" : message);
      case SSLException _ -> "has no TLS that can be trusted" + message;
      default -> "stopped answering" + message;
    };
  }
}
