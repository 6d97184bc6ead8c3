package io.direktiv.api.http;

import io.direktiv.api.Api;
import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Bodies;
import io.direktiv.api.http.exchange.Bounds;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.EventSink;
import io.direktiv.api.http.exchange.Failures;
import io.direktiv.api.http.exchange.Query;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Router;
import io.direktiv.api.http.exchange.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Takes a request through the door: admission, doorkeeper, route, handler, answer. Runs on a
/// virtual thread per request, so handlers may block.
final class DoorHandler extends Handler.Abstract {
  private final Router router;
  private final Doorkeeper keeper;
  private final Waiting waiting;
  private final Bounds bounds;
  private final Bodies bodies;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();

  DoorHandler(Router router, Doorkeeper keeper, Waiting waiting, Bounds bounds) {
    this.router = router;
    this.keeper = keeper;
    this.waiting = waiting;
    this.bounds = bounds;
    bodies = new Bodies(bounds);
  }

  /// Requests and streams under way.
  int underWay() {
    return requests.get() + streams.get();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    requests.incrementAndGet();
    try (Bodies.Room room = bodies.room()) {
      switch (answer(request, room)) {
        case Answer.Content content -> {
          boolean hasTime = content.status() != 503;
          if (!room.isFinished(request, hasTime)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
          }
          write(response, content, callback);
        }
        case Answer.Events events -> stream(request, response, events, callback);
      }
    } finally {
      requests.decrementAndGet();
    }
    return true;
  }

  private Answer answer(Request request, Bodies.Room room) {
    try {
      requireRoom(requests, bounds.requests());
      keeper.admit(request);
      String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
      if (request.getMethod().equals("OPTIONS")) {
        return options(path, request.getHeaders());
      }
      Router.Match match = router.match(request.getMethod(), path);
      var query = Query.parse(request.getHttpURI().getQuery(), match.route().parameters());
      Api api = keeper.admit(request, match);
      match.route().body().ifPresent(body -> requireType(request, body));
      Runnable again = () -> keeper.admit(request, match);
      return match.route().handler().handle(new Call(request, match, query, api, again, room));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Failures.of(overloaded("the server is stopping; try again later"));
    } catch (IOException _) {
      return Failures.answer(400, "request", "the body of the request ended too early");
    } catch (RuntimeException e) {
      return Failures.of(e);
    }
  }

  private void requireRoom(AtomicInteger taken, int max) {
    if (waiting.isStopping()) {
      throw overloaded("the server is stopping; try again later");
    }
    if (taken.get() > max) {
      throw overloaded("more than " + max + " requests are under way; try again later");
    }
  }

  private static Refusal overloaded(String message) {
    return new Refusal(
        503, "server_overloaded", message, Map.of("Retry-After", "1"), Optional.empty());
  }

  private static void requireType(Request request, Route.Body body) {
    String type = Call.mediaType(request);
    if (body.types().contains("*/*") || body.types().contains(type)) {
      return;
    }
    boolean isEmpty = type.isEmpty() && request.getLength() == 0;
    if (isEmpty && !body.isRequired()) {
      return;
    }
    throw new Refusal(
        415,
        "request_type_unsupported",
        "the body has the Content-Type '"
            + Query.shortened(type)
            + "', but must have "
            + String.join(" or ", body.types()));
  }

  /// What is possible at a path; also the handshake of CloudEvents webhooks (HTTP 1.1 Web Hooks for
  /// Event Delivery, section 4), which senders make before they deliver.
  private Answer options(String path, HttpFields headers) {
    var allowed = router.allowed(path);
    if (allowed.isEmpty()) {
      router.match("GET", path);
    }
    Answer.Content answer = Answer.nothing().with("Allow", String.join(", ", allowed));
    String origin = headers.get("WebHook-Request-Origin");
    if (origin == null || !path.endsWith("/events")) {
      return answer;
    }
    return answer
        .with("WebHook-Allowed-Origin", Answer.headerText(origin))
        .with("WebHook-Allowed-Rate", "*");
  }

  private void write(Response response, Answer.Content content, Callback callback) {
    response.setStatus(content.status());
    headers(response, content);
    if (!content.type().isEmpty()) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, content.type());
    }
    if (content.status() != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.body().length);
    }
    response.write(true, ByteBuffer.wrap(content.body()), callback);
  }

  private static void headers(Response response, Answer answer) {
    HttpFields.Mutable headers = response.getHeaders();
    Doorkeeper.SECURITY_HEADERS.forEach(headers::put);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    answer.headers().forEach(headers::put);
  }

  private void stream(Request request, Response response, Answer.Events events, Callback callback) {
    requests.decrementAndGet();
    streams.incrementAndGet();
    try {
      requireRoom(streams, bounds.streams());
      response.setStatus(200);
      headers(response, events);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      response.getHeaders().put("X-Accel-Buffering", "no");
      if (!request.getMethod().equals("HEAD")) {
        EventSink sink = new EventSink(response);
        events.writer().write(sink);
        sink.flush();
      }
      response.write(true, ByteBuffer.allocate(0), callback);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } catch (IOException e) {
      callback.failed(e);
    } catch (RuntimeException e) {
      if (response.isCommitted()) {
        Failures.of(e);
        callback.failed(e);
      } else {
        response.reset();
        write(response, Failures.of(e), callback);
      }
    } finally {
      streams.decrementAndGet();
      requests.incrementAndGet();
    }
  }
}
