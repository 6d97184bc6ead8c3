package io.direktiv.functions.image.registry;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Turns logins into what registries want to be shown, and keeps tokens while they count. Safe for
/// use by many threads.
final class Logins {
  private record Key(
      String realm, String service, String scope, Optional<RegistryCredentials> of) {}

  private record Token(String text, long endsAtNanos) {}

  private final Exchange exchange;
  private final Reach reach;
  private final Map<Key, Token> tokens = new ConcurrentHashMap<>();

  Logins(Exchange exchange, Reach reach) {
    this.exchange = exchange;
    this.reach = reach;
  }

  /// The value of `Authorization` that answers `challenge`.
  ///
  /// @param isFresh asks for a new token even when there is one, since that one was refused
  /// @throws ImageException when there is no login, or it is not believed
  String answer(
      URI registry,
      Challenge challenge,
      String scope,
      Optional<RegistryCredentials> login,
      boolean isFresh)
      throws ImageException, InterruptedException {
    if (challenge.scheme().equals("basic")) {
      return basic(login.orElseThrow(() -> refused(registry, login, "wants a login")));
    }
    String realm = challenge.parameters().getOrDefault("realm", "");
    Key key = new Key(realm, challenge.parameters().getOrDefault("service", ""), scope, login);
    Token known = tokens.get(key);
    if (known == null || isFresh || known.endsAtNanos() - System.nanoTime() < 0) {
      known = token(registry, key);
      if (tokens.size() >= Limits.TOKENS_MAX) {
        tokens.clear();
      }
      tokens.put(key, known);
    }
    return "Bearer " + known.text();
  }

  private static String basic(RegistryCredentials login) {
    byte[] text = (login.user() + ":" + login.token()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  /// Asks the registry's token server (Docker "Token Authentication Specification").
  private Token token(URI registry, Key key) throws ImageException, InterruptedException {
    URI realm = realm(registry, key);
    try (Exchange.Reply reply = ask(realm, key)) {
      if (reply.status() == 401 || reply.status() == 403) {
        throw refused(registry, key.of(), "does not accept the login: " + reply.words());
      }
      if (reply.status() != 200) {
        String problem = "gives no token: " + reply.words();
        throw Exchange.isAway(reply.status())
            ? Exchange.unreachable(realm, problem)
            : Exchange.untrusted(realm, problem);
      }
      return read(realm, reply);
    } catch (ProtocolException | JsonException e) {
      throw unreadable(realm, e.getMessage());
    } catch (IOException e) {
      throw Exchange.unreachable(realm, "stopped answering: " + e.getMessage());
    }
  }

  private URI realm(URI registry, Key key) throws ImageException {
    try {
      URI realm = URI.create(key.realm());
      reach.require(registry, realm);
      return realm;
    } catch (IllegalArgumentException _) {
      throw Exchange.untrusted(registry, "names no token server");
    }
  }

  private Exchange.Reply ask(URI realm, Key key) throws ImageException, InterruptedException {
    StringBuilder form = new StringBuilder("scope=" + encode(key.scope()));
    if (!key.service().isEmpty()) {
      form.append("&service=").append(encode(key.service()));
    }
    if (key.of().filter(RegistryCredentials::isRefreshToken).isPresent()) {
      form.append("&grant_type=refresh_token&client_id=direktiv&refresh_token=")
          .append(encode(key.of().orElseThrow().token()));
      return exchange.post(realm, form.toString());
    }
    key.of().ifPresent(login -> form.append("&account=").append(encode(login.user())));
    String separator = realm.getRawQuery() == null ? "?" : "&";
    URI question = URI.create(realm + separator + form);
    return exchange.get(question, Map.of(), key.of().map(Logins::basic));
  }

  private static ImageException unreadable(URI realm, String why) {
    return Exchange.untrusted(realm, "gives no token that can be read: " + why);
  }

  private static Token read(URI realm, Exchange.Reply reply) throws ImageException, IOException {
    if (!(Json.parse(reply.bytes(Limits.TEXT_BYTES_MAX)) instanceof JsonObject json)) {
      throw unreadable(realm, "it is no object");
    }
    Json text = json.has("token") ? json.get("token") : json.get("access_token");
    if (!(text instanceof JsonString(String token)) || !token.matches("[\\x21-\\x7e]+")) {
      throw unreadable(realm, "it holds no token");
    }
    Duration time =
        json.get("expires_in") instanceof JsonNumber seconds
            ? Duration.ofSeconds((long) Math.clamp(seconds.doubleValue(), 0, 86_400))
            : Limits.TOKEN_TIME;
    return new Token(token, System.nanoTime() + time.minus(Limits.TOKEN_MARGIN).toNanos());
  }

  static ImageException refused(URI registry, Optional<RegistryCredentials> login, String problem) {
    String host = registry.getRawAuthority();
    return new ImageException(
        Kind.LOGIN,
        "the registry at " + Exchange.place(registry) + " " + problem,
        login.isPresent()
            ? "check the name of the image and the login for " + host
            : "check the name of the image, and give a login for " + host + " if it is private");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
