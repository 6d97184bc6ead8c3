package io.direktiv.client.http2;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A request and its response.
///
/// ```
/// sent ──headers──▶ head known ──data──▶ … ──last frame──▶ ended
///   └────────────────── reset or connection lost ──────────▶ (exception)
/// ```
public final class Http2Stream {
  private final Http2Connection connection;
  private final int id;
  private final Deque<byte[]> received = new ArrayDeque<>();
  private List<Header> head;
  private List<Header> trailers = List.of();
  private ErrorCode reset;
  private boolean isEnded;
  private boolean isCancelled;
  private long sendWindow;
  private int receiveWindow = Limits.WINDOW_BYTES;
  private int unreported;

  Http2Stream(Http2Connection connection, int id, int sendWindow) {
    this.connection = connection;
    this.id = id;
    this.sendWindow = sendWindow;
  }

  /// The headers of the response, for which it waits.
  public List<Header> head(Deadline deadline) {
    while (head == null) {
      proceed(deadline);
    }
    return head;
  }

  /// The next part of the body, for which it waits; absent at the end.
  public Optional<byte[]> read(Deadline deadline) {
    while (received.isEmpty() && !isEnded) {
      proceed(deadline);
    }
    byte[] part = received.poll();
    if (part == null) {
      return Optional.empty();
    }
    connection.consumed(this, part.length);
    return Optional.of(part);
  }

  /// The headers after the body, once it was read to its end; empty when there are none.
  public List<Header> trailers() {
    return trailers;
  }

  /// Tells the server that the rest is of no interest.
  public void cancel() {
    if (!isOver()) {
      isEnded = true;
      isCancelled = true;
      connection.reset(this, ErrorCode.CANCEL);
    }
  }

  private void proceed(Deadline deadline) {
    if (reset != null) {
      throw new Http2Exception(
          Http2Exception.Kind.RESET, reset, "the server ended the request with " + reset);
    }
    connection.pump(deadline);
  }

  int id() {
    return id;
  }

  boolean isOver() {
    return isEnded || reset != null;
  }

  /// True when frames that still come for it are to be dropped.
  boolean isDeaf() {
    return isCancelled || reset != null;
  }

  /// How many bytes of the request may be sent now.
  long sendWindow() {
    return sendWindow;
  }

  void changeSendWindow(long change) {
    sendWindow += change;
    if (sendWindow > Integer.MAX_VALUE) {
      throw Http2Exception.protocol(
          ErrorCode.FLOW_CONTROL_ERROR, "the server opened a window beyond its largest size");
    }
  }

  void onHeaders(List<Header> headers, boolean isLast) {
    if (isEnded) {
      throw Http2Exception.protocol(
          ErrorCode.STREAM_CLOSED, "the server sent headers after the end of its response");
    }
    boolean isInterim = head == null && !isLast && isInterim(headers);
    if (isInterim) {
      return;
    }
    if (head == null) {
      head = headers;
    } else if (isLast) {
      trailers = headers;
    } else {
      throw Http2Exception.protocol(
          ErrorCode.PROTOCOL_ERROR, "the server sent headers in the middle of a response");
    }
    isEnded = isLast;
  }

  /// True for the `1xx` that may come before the response.
  private static boolean isInterim(List<Header> headers) {
    return !headers.isEmpty()
        && headers.getFirst().name().equals(":status")
        && headers.getFirst().value().startsWith("1");
  }

  /// @param bytes what counts for the window, padding included
  void onData(byte[] content, int bytes, boolean isLast) {
    if (isEnded || head == null) {
      throw Http2Exception.protocol(
          ErrorCode.STREAM_CLOSED, "the server sent a body before its head or after its end");
    }
    receiveWindow -= bytes;
    if (receiveWindow < 0) {
      throw Http2Exception.protocol(
          ErrorCode.FLOW_CONTROL_ERROR, "the server sent more than the window allows");
    }
    if (content.length > 0) {
      received.add(content);
    }
    if (bytes > content.length) {
      connection.consumed(this, bytes - content.length);
    }
    isEnded = isLast;
  }

  /// A reset after the whole response only says that the rest of the request is not wanted.
  void onReset(ErrorCode code) {
    if (!isEnded) {
      reset = code;
    }
  }

  /// Counts bytes that the caller has taken; returns how many to give back now, often 0.
  int giveBack(int bytes) {
    unreported += bytes;
    if (isEnded || unreported < Limits.WINDOW_BYTES / 2) {
      return 0;
    }
    int all = unreported;
    unreported = 0;
    receiveWindow += all;
    return all;
  }
}
