package io.direktiv.api.http.exchange;

import io.direktiv.api.Api;
import io.direktiv.api.Inputs;
import io.direktiv.engine.InstanceId;
import io.direktiv.json.JsonObject;
import io.direktiv.store.Page;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// A request as handlers see it: found, admitted, its parameters checked.
public final class Call {
  private final Request request;
  private final Router.Match match;
  private final Map<String, String> query;
  private final Api api;
  private final Runnable admission;
  private final Bodies.Room room;

  public Call(
      Request request,
      Router.Match match,
      Map<String, String> query,
      Api api,
      Runnable admission,
      Bodies.Room room) {
    this.request = request;
    this.match = match;
    this.query = query;
    this.api = api;
    this.admission = admission;
    this.room = room;
  }

  /// The API as the caller may use it.
  public Api api() {
    return api;
  }

  /// Asks again whether the caller may come in, for what lasts longer than a token may.
  ///
  /// @throws io.direktiv.api.ApiException when its token was deleted or has expired
  public void requireAdmission() {
    admission.run();
  }

  /// Watches the client, and runs `departure` when it leaves before the answer.
  Presence watch(Runnable departure) {
    return Presence.watch(request, departure);
  }

  /// The value of the path's parameter `name`.
  public String path(String name) {
    return match.values().get(name);
  }

  public String namespace() {
    return path("namespace");
  }

  /// The instance that the path names.
  public InstanceId instance() {
    return new InstanceId(namespace(), path("workflow"), path("suffix"));
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /// The query parameter `name`, without which nothing can be done.
  public String required(String name) {
    return query(name)
        .orElseThrow(() -> Refusal.invalid("the query parameter '" + name + "' is missing"));
  }

  /// True when the flag `name` is given as `true` or without a value.
  public boolean flag(String name) {
    return query(name).map(text -> flag(name, text)).orElse(false);
  }

  public static boolean flag(String name, String text) {
    return switch (text) {
      case "true", "" -> true;
      case "false" -> false;
      default ->
          throw Refusal.invalid(
              "the query parameter '"
                  + name
                  + "' must be true or false, but it is '"
                  + Query.shortened(text)
                  + "'");
    };
  }

  public Optional<Integer> number(String name, int min, int max) {
    return query(name).map(text -> number(name, text, min, max));
  }

  private static int number(String name, String text, int min, int max) {
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Answered below.
    }
    throw Refusal.invalid(
        "the query parameter '"
            + name
            + "' must be a whole number from "
            + min
            + " to "
            + max
            + ", but it is '"
            + Query.shortened(text)
            + "'");
  }

  public Optional<Instant> time(String name) {
    return query(name).map(text -> time(name, text));
  }

  private static Instant time(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException _) {
      throw Refusal.invalid(
          "the query parameter '"
              + name
              + "' must be a time such as 2026-01-31T12:00:00Z, but it is '"
              + Query.shortened(text)
              + "'");
    }
  }

  public Page page() {
    return new Page(
        number("offset", 0, Integer.MAX_VALUE).orElse(0),
        number("limit", 1, Page.LIMIT_MAX).orElse(io.direktiv.api.Limits.PAGE_DEFAULT));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /// The request's header fields, in order.
  public Iterable<HttpField> headers() {
    return request.getHeaders();
  }

  /// The media type of the body without its parameters, in lower case; empty when not given.
  public String mediaType() {
    return mediaType(request);
  }

  public static String mediaType(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null) {
      return "";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
  }

  /// The body; read it once.
  public byte[] body() throws IOException {
    return room.read(request, match.route().body().orElseThrow().bytesMax());
  }

  /// The body, which must be a JSON object.
  public JsonObject object() throws IOException {
    if (Inputs.strict(body()) instanceof JsonObject object) {
      return object;
    }
    throw new Refusal(
        400, "request_body_bad_json_schema", "the body must be a JSON object with named fields");
  }

  /// The body as a document whose fields are named.
  public Document document(String... known) throws IOException {
    return new Document(object(), known);
  }
}
