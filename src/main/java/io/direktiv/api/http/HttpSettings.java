package io.direktiv.api.http;

import io.direktiv.api.AuthMode;
import io.direktiv.api.http.exchange.Bounds;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What an operator decides about the HTTP door, and what it tells about the server.
///
/// @param auth whether callers need tokens; when off, requests from foreign web pages are refused
/// @param version the server's version
/// @param functions one line about what runs functions
/// @param isReady false while the server still recovers
/// @param waitMax the longest that `wait=true` may wait
/// @param stopMax how long stopping waits for requests that are under way
/// @param bounds how much the door takes on at one time
public record HttpSettings(
    AuthMode auth,
    String version,
    Supplier<String> functions,
    BooleanSupplier isReady,
    Duration waitMax,
    Duration stopMax,
    Bounds bounds) {
  /// Settings with the usual times: waits up to 5 minutes, 5 seconds to stop.
  public static HttpSettings of(AuthMode auth, String version, Supplier<String> functions) {
    return new HttpSettings(
        auth,
        version,
        functions,
        () -> true,
        Duration.ofMinutes(5),
        Duration.ofSeconds(5),
        Bounds.DEFAULT);
  }

  /// The same, answering at `/readyz` what `ready` says.
  public HttpSettings readyWhen(BooleanSupplier ready) {
    return new HttpSettings(auth, version, functions, ready, waitMax, stopMax, bounds);
  }

  /// The same within `other` bounds.
  public HttpSettings within(Bounds other) {
    return new HttpSettings(auth, version, functions, isReady, waitMax, stopMax, other);
  }
}
