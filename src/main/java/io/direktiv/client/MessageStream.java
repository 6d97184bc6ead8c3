package io.direktiv.client;

import io.direktiv.client.http2.Deadline;
import io.direktiv.client.http2.Header;
import io.direktiv.client.http2.Http2Exception;
import io.direktiv.client.http2.Http2Stream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The answers to one call, read as they come.
public final class MessageStream implements AutoCloseable {
  private static final int PREFIX_BYTES = 5;

  private final GrpcClient client;
  private final Http2Stream stream;
  private final Shape shape;
  private final Deadline deadline;
  private byte[] part = {};
  private int at;

  MessageStream(GrpcClient client, Http2Stream stream, Shape shape, Deadline deadline) {
    this.client = client;
    this.stream = stream;
    this.shape = shape;
    this.deadline = deadline;
  }

  /// The next answer, for which it waits; absent after the last.
  ///
  /// @throws GrpcException when the call does not end well
  public Optional<Message> next() {
    try {
      List<Header> head = stream.head(deadline);
      if (!isGrpc(head)) {
        throw notGrpc(head);
      }
      Optional<byte[]> message = nextMessage();
      if (message.isEmpty()) {
        checkStatus(stream.trailers().isEmpty() ? head : stream.trailers());
      }
      return message.map(bytes -> Wire.read(shape, bytes));
    } catch (Http2Exception e) {
      throw client.failed(e);
    }
  }

  private Optional<byte[]> nextMessage() {
    byte[] prefix = new byte[PREFIX_BYTES];
    int count = fill(prefix);
    if (count == 0) {
      return Optional.empty();
    }
    requireWhole(count, prefix.length);
    if (prefix[0] != 0) {
      throw new GrpcException(
          Code.INTERNAL, "the server sent a compressed answer, which was not asked for");
    }
    long length =
        (prefix[1] & 0xffL) << 24
            | (prefix[2] & 0xff) << 16
            | (prefix[3] & 0xff) << 8
            | prefix[4] & 0xff;
    if (length > Limits.MESSAGE_BYTES_MAX) {
      throw new GrpcException(
          Code.RESOURCE_EXHAUSTED,
          "the answer has "
              + length
              + " bytes, but at most "
              + Limits.MESSAGE_BYTES_MAX
              + " are taken; ask for less, for example with --limit");
    }
    return Optional.of(readMessage((int) length));
  }

  /// Memory grows with what has come and not with what the prefix promises.
  private byte[] readMessage(int length) {
    ByteArrayOutputStream message = new ByteArrayOutputStream(Math.min(length, 64 << 10));
    while (message.size() < length) {
      if (!hasPart()) {
        requireWhole(message.size(), length);
      }
      int count = Math.min(length - message.size(), part.length - at);
      message.write(part, at, count);
      at += count;
    }
    return message.toByteArray();
  }

  private int fill(byte[] bytes) {
    int done = 0;
    while (done < bytes.length && hasPart()) {
      bytes[done++] = part[at++];
    }
    return done;
  }

  /// True when there is an unread byte, for which it waits; false at the end of the response.
  private boolean hasPart() {
    while (at == part.length) {
      Optional<byte[]> next = stream.read(deadline);
      if (next.isEmpty()) {
        return false;
      }
      part = next.get();
      at = 0;
    }
    return true;
  }

  private void requireWhole(int found, int wanted) {
    if (found < wanted) {
      checkStatus(stream.trailers());
      throw new GrpcException(
          Code.INTERNAL, "the server ended an answer after " + found + " of " + wanted + " bytes");
    }
  }

  private static boolean isGrpc(List<Header> head) {
    return "200".equals(value(head, ":status"))
        && value(head, "content-type").startsWith("application/grpc");
  }

  private static GrpcException notGrpc(List<Header> head) {
    String status = value(head, ":status");
    if (!value(head, "grpc-status").isEmpty()) {
      return new GrpcException(Code.of(value(head, "grpc-status")), message(head));
    }
    return new GrpcException(
        Code.ofHttp(status), "the server answered with HTTP status " + status + " and not in gRPC");
  }

  private static void checkStatus(List<Header> trailers) {
    String status = value(trailers, "grpc-status");
    if (status.isEmpty()) {
      throw new GrpcException(Code.INTERNAL, "the server sent no grpc-status");
    }
    if (!status.equals("0")) {
      throw new GrpcException(Code.of(status), message(trailers));
    }
  }

  private static String message(List<Header> headers) {
    return decode(value(headers, "grpc-message"));
  }

  /// Text whose bytes may be written as `%` and two hexadecimal digits; what is no such thing
  /// stays.
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      boolean isEscape = bytes[i] == '%' && high >= 0 && low >= 0;
      bytes[length++] = isEscape ? (byte) (high << 4 | low) : bytes[i];
      i += isEscape ? 2 : 0;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static String value(List<Header> headers, String name) {
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return header.value();
      }
    }
    return "";
  }

  /// Tells the server that no more answers are wanted.
  @Override
  public void close() {
    try {
      stream.cancel();
    } catch (Http2Exception e) {
      // The caller has what it wanted; the next call opens a new connection.
      client.failed(e);
    }
  }
}
