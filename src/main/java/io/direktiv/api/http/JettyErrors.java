package io.direktiv.api.http;

import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Failures;
import io.direktiv.api.http.exchange.Limits;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Gives the errors that Jetty itself answers (malformed requests, too long headers) our shape.
final class JettyErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer.Content answer = answer(response.getStatus());
    HttpFields.Mutable headers = response.getHeaders();
    Doorkeeper.SECURITY_HEADERS.forEach(headers::put);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put(HttpHeader.CONTENT_TYPE, answer.type());
    headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    return true;
  }

  private static Answer.Content answer(int status) {
    return switch (status) {
      case 400 -> Failures.answer(400, "request", "the request is not valid HTTP");
      case 404 -> Failures.answer(404, "request_path_not_found", "there is nothing here");
      case 408 -> Failures.answer(408, "request_timeout", "the request came too slowly");
      case 413 -> Failures.answer(413, "request_too_large", "the body is too long");
      case 414, 431 ->
          Failures.answer(
              status,
              "request_too_large",
              "the request line and headers are longer than " + Limits.HEADER_BYTES_MAX + " bytes");
      case 500 ->
          Failures.answer(500, "internal", "internal error; the server's log has the reason");
      case 503 -> Failures.answer(503, "server_overloaded", "the server is busy; try again later");
      default -> Failures.answer(status, "request", "the request cannot be answered");
    };
  }
}
