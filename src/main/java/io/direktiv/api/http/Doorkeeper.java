package io.direktiv.api.http;

import io.direktiv.api.Access;
import io.direktiv.api.Address;
import io.direktiv.api.Api;
import io.direktiv.api.AuthMode;
import io.direktiv.api.http.exchange.Query;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Router;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Decides who comes in: the name by which the server was called, the page that calls, the token.
final class Doorkeeper {
  private final Api api;
  private final Address address;
  private final AuthMode auth;
  private final boolean checksName;

  Doorkeeper(Api api, Address address, AuthMode auth) {
    this.api = api;
    this.address = address;
    this.auth = auth;
    checksName = auth == AuthMode.OFF && address.isLoopback();
  }

  /// Refuses requests that a foreign web page may have made its reader's browser send.
  ///
  /// A page whose name was bound to 127.0.0.1 (DNS rebinding) is seen by its `Host`; a page that
  /// posts across sites is seen by its `Origin`. Both matter only where no token is asked for: a
  /// page has none.
  void admit(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (checksName && host != null && !isLocal(name(host))) {
      throw new Refusal(
          403,
          "request_forbidden",
          "this server listens on this machine only, but was called by the name '"
              + Query.shortened(host)
              + "'; call it by 'localhost' or '127.0.0.1', or run it with API tokens");
    }
    if (auth == AuthMode.OFF && changes(request.getMethod()) && isForeign(request, host)) {
      throw new Refusal(
          403,
          "request_forbidden",
          "a page of another origin may not change anything here; run the server with API tokens"
              + " for that");
    }
  }

  /// The API as the caller of `request` may use it.
  ///
  /// @throws io.direktiv.api.ApiException when the route's guard refuses the caller
  Api admit(Request request, Router.Match match) {
    Route.Guard guard = match.route().guard();
    if (guard == Route.Guard.NOBODY) {
      return api;
    }
    Api.Caller caller = api.authenticate(token(request));
    switch (guard) {
      case NAMESPACE -> Access.requireNamespace(caller, match.values().get("namespace"));
      case SERVER -> Access.requireServer(caller);
      case CALLER, NOBODY -> {}
    }
    return Access.of(api, caller);
  }

  private static Optional<String> token(Request request) {
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
        ? Optional.of(authorization.substring(7).trim())
        : Optional.empty();
  }

  private static boolean changes(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS" -> false;
      default -> true;
    };
  }

  private static boolean isForeign(Request request, String host) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null) {
      return "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"));
    }
    int scheme = origin.indexOf("://");
    return scheme < 0 || !origin.substring(scheme + 3).equalsIgnoreCase(host);
  }

  private boolean isLocal(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.equals(address.host().toLowerCase(Locale.ROOT))
        || isLoopbackNumber(name);
  }

  /// `127.` and three more numbers; a name such as `127.evil.example` is none.
  private static boolean isLoopbackNumber(String name) {
    return name.startsWith("127.")
        && name.length() <= 15
        && name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }

  private static String name(String host) {
    int bracket = host.lastIndexOf(']');
    int colon = host.lastIndexOf(':');
    return (colon > bracket ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }

  /// Headers that every answer carries: nothing is sniffed, framed or sent as a referrer.
  static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin");
}
