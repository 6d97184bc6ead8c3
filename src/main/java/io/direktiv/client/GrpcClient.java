package io.direktiv.client;

import io.direktiv.client.http2.Deadline;
import io.direktiv.client.http2.Header;
import io.direktiv.client.http2.Http2Connection;
import io.direktiv.client.http2.Http2Exception;
import io.direktiv.client.http2.Http2Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Calls the methods of a server, one after the other, on one connection that it opens when needed.
/// Not safe for use by several threads.
public final class GrpcClient implements AutoCloseable {
  private static final String USER_AGENT = "direkcli";
  private static final int PREFIX_BYTES = 5;
  private static final long TIMEOUT_DIGITS_MAX = 99_999_999;

  private final Endpoint endpoint;
  private final Optional<String> token;
  private final Duration connectTimeout;
  private Http2Connection connection;

  /// A client of the server at `endpoint`.
  ///
  /// @param token says who calls, in every request
  /// @param connectTimeout how long to wait for a connection, also in calls without a deadline
  public GrpcClient(Endpoint endpoint, Optional<String> token, Duration connectTimeout) {
    this.endpoint = endpoint;
    this.token = token;
    this.connectTimeout = connectTimeout;
  }

  /// Calls a method that answers once.
  ///
  /// @throws GrpcException when the call does not end well
  public Message call(Method method, Message request, Deadline deadline) {
    try (MessageStream answers = stream(method, request, deadline)) {
      Message answer =
          answers
              .next()
              .orElseThrow(() -> new GrpcException(Code.INTERNAL, "the server sent no answer"));
      if (answers.next().isPresent()) {
        throw new GrpcException(Code.INTERNAL, "the server sent more than one answer");
      }
      return answer;
    }
  }

  /// Calls a method that answers several times. The stream must be closed before the next call.
  ///
  /// @throws GrpcException when the request cannot be sent
  public MessageStream stream(Method method, Message request, Deadline deadline) {
    try {
      Http2Stream stream =
          connection(deadline).request(headers(method, deadline), body(request), deadline);
      return new MessageStream(this, stream, method.response(), deadline);
    } catch (Http2Exception e) {
      throw failed(e);
    }
  }

  private Http2Connection connection(Deadline deadline) {
    if (connection == null || !connection.isUsable()) {
      close();
      Deadline connected = Deadline.in(connectTimeout);
      boolean isLater = deadline.leftMillis() > connected.leftMillis();
      connection =
          Http2Connection.open(endpoint.host(), endpoint.port(), isLater ? connected : deadline);
    }
    return connection;
  }

  private List<Header> headers(Method method, Deadline deadline) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header(":method", "POST"));
    headers.add(new Header(":scheme", "http"));
    headers.add(new Header(":path", "/" + method.path()));
    headers.add(new Header(":authority", endpoint.toString()));
    headers.add(new Header("te", "trailers"));
    headers.add(new Header("content-type", "application/grpc"));
    headers.add(new Header("user-agent", USER_AGENT));
    if (!deadline.isNever()) {
      headers.add(
          new Header("grpc-timeout", Math.min(deadline.leftMillis(), TIMEOUT_DIGITS_MAX) + "m"));
    }
    token.ifPresent(text -> headers.add(new Header("authorization", "Bearer " + text)));
    return headers;
  }

  /// The message behind its prefix: a byte that says "not compressed" and four of its length.
  private static byte[] body(Message request) {
    byte[] message = Wire.write(request);
    if (message.length > Limits.MESSAGE_BYTES_MAX) {
      throw new GrpcException(
          Code.RESOURCE_EXHAUSTED,
          "the request has "
              + message.length
              + " bytes, but at most "
              + Limits.MESSAGE_BYTES_MAX
              + " can be sent");
    }
    byte[] body = new byte[PREFIX_BYTES + message.length];
    for (int i = 0; i < 4; i++) {
      body[1 + i] = (byte) (message.length >> 24 - 8 * i);
    }
    System.arraycopy(message, 0, body, PREFIX_BYTES, message.length);
    return body;
  }

  /// The failure of a call as its user reads it. The connection is not used again.
  GrpcException failed(Http2Exception e) {
    close();
    return switch (e.kind()) {
      case REFUSED ->
          unavailable(
              "no server listens at "
                  + endpoint
                  + "; start one (./direktiv server) or name another (--grpc HOST:PORT)");
      case UNREACHABLE ->
          unavailable(
              endpoint + " cannot be reached (" + e.getMessage() + "); check --grpc HOST:PORT");
      case NOT_HTTP2 ->
          unavailable(
              endpoint
                  + " is no gRPC door of a Direktiv server ("
                  + e.getMessage()
                  + "); its port is "
                  + Endpoint.PORT_DEFAULT
                  + " unless the server says otherwise");
      case LOST -> unavailable("the connection to " + endpoint + " was lost: " + e.getMessage());
      case TIMEOUT ->
          new GrpcException(
              Code.DEADLINE_EXCEEDED,
              endpoint + " did not answer in time; give it more with --timeout SECONDS");
      case RESET -> new GrpcException(codeOf(e), e.getMessage());
      case PROTOCOL -> new GrpcException(Code.INTERNAL, e.getMessage());
    };
  }

  private static GrpcException unavailable(String message) {
    return new GrpcException(Code.UNAVAILABLE, message);
  }

  /// gRPC's mapping of HTTP/2 error codes.
  private static Code codeOf(Http2Exception e) {
    return switch (e.code()) {
      case REFUSED_STREAM -> Code.UNAVAILABLE;
      case CANCEL -> Code.CANCELLED;
      case ENHANCE_YOUR_CALM -> Code.RESOURCE_EXHAUSTED;
      case INADEQUATE_SECURITY -> Code.PERMISSION_DENIED;
      default -> Code.INTERNAL;
    };
  }

  /// Ends the connection; twice is fine, and another call opens a new one.
  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
