package io.direktiv.api.http.resource;

import io.direktiv.api.Api;
import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.json.JsonObject;
import io.direktiv.store.StoreStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The server itself: whether it lives, what it is, its document and its start page.
final class ServerRoutes {
  private static final JsonObject LIVES = JsonObject.builder().put("status", "ok").build();

  private final Resources.About about;
  private final Supplier<byte[]> document;
  private final long beganNanos = System.nanoTime();
  private final String page;

  ServerRoutes(Resources.About about, Supplier<byte[]> document) {
    this.about = about;
    this.document = document;
    page =
        new String(resource("start.html"), StandardCharsets.UTF_8)
            .replace("${version}", about.version());
  }

  List<Route> routes() {
    return List.of(
        Route.get("/", "startPage", "A page for people.")
            .guarded(Route.Guard.NOBODY)
            .answers(200, "text/html", "", "The page.")
            .by(this::page),
        Route.get("/healthz", "isAlive", "Tells that the server lives.")
            .guarded(Route.Guard.NOBODY)
            .answers(200, "Health")
            .by(_ -> Answer.ok(LIVES)),
        Route.get("/readyz", "isReady", "Tells whether the server takes work.")
            .guarded(Route.Guard.NOBODY)
            .answers(200, "Health")
            .by(_ -> ready()),
        Route.get("/api/v2/status", "getStatus", "Tells what the server is.")
            .guarded(Route.Guard.CALLER)
            .answers(200, "Status")
            .by(call -> Answer.ok(status(call.api()))),
        Route.get("/api/v2/openapi.json", "getOpenApi", "This document.")
            .guarded(Route.Guard.NOBODY)
            .answers(200, "AnyObject")
            .by(_ -> Answer.bytes(Answer.JSON, document.get())));
  }

  /// The page, whose commands call the server by the name by which the reader did.
  private Answer page(Call call) {
    String host = call.header("Host").filter(ServerRoutes::isPlain).orElse("localhost:8080");
    byte[] html = page.replace("${host}", host).getBytes(StandardCharsets.UTF_8);
    return Answer.bytes("text/html; charset=utf-8", html)
        .with(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'");
  }

  private static boolean isPlain(String host) {
    return host.chars()
        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || ".:-[]".indexOf(c) >= 0));
  }

  private Answer ready() {
    if (about.isReady().getAsBoolean()) {
      return Answer.ok(LIVES);
    }
    throw new Refusal(
        503,
        "server_not_ready",
        "the server still recovers what was left unfinished; try again soon",
        Map.of("Retry-After", "1"),
        Optional.empty());
  }

  private JsonObject status(Api api) {
    JsonObject.Builder status =
        JsonObject.builder()
            .put("version", about.version())
            .put("uptimeSeconds", Duration.ofNanos(System.nanoTime() - beganNanos).toSeconds())
            .put("functions", about.functions().get());
    api.statistics().ifPresent(store -> status.put("store", shape(store)));
    return status.build();
  }

  private static JsonObject shape(StoreStatistics store) {
    return JsonObject.builder()
        .put("commits", store.commits())
        .put("flushes", store.flushes())
        .put("flushMillis", store.flushNanos() / 1_000_000)
        .put("queued", store.queued())
        .build();
  }

  static byte[] resource(String name) {
    try (InputStream in = ServerRoutes.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
