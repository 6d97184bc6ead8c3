package io.direktiv.client.http2;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// Reads frames from a socket within a deadline.
final class FrameReader {
  private final Socket socket;
  private final byte[] buffer = new byte[64 << 10];
  private int from;
  private int to;
  private boolean isFirst = true;

  FrameReader(Socket socket) {
    this.socket = socket;
  }

  /// The next frame, for which it waits.
  ///
  /// @throws Http2Exception when time is over, the connection ends or this is no HTTP/2
  Frame read(Deadline deadline) throws IOException {
    byte[] head = read(Frame.HEAD_BYTES, deadline);
    int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
    int type = head[3] & 0xff;
    if (isFirst && (type != Frame.SETTINGS || length > Limits.FRAME_BYTES_MAX)) {
      throw notHttp2(head);
    }
    isFirst = false;
    if (length > Limits.FRAME_BYTES_MAX) {
      throw Http2Exception.protocol(
          ErrorCode.FRAME_SIZE_ERROR, "the server sent a frame of " + length + " bytes");
    }
    int stream = (int) (new Frame(0, 0, 0, head).unsigned(5) & 0x7fff_ffffL);
    return new Frame(type, head[4] & 0xff, stream, read(length, deadline));
  }

  private static Http2Exception notHttp2(byte[] head) {
    boolean isHttp1 = new String(head, StandardCharsets.ISO_8859_1).startsWith("HTTP/1");
    return new Http2Exception(
        Http2Exception.Kind.NOT_HTTP2,
        ErrorCode.PROTOCOL_ERROR,
        isHttp1 ? "it answers in HTTP/1" : "its answer is not HTTP/2 without TLS");
  }

  private byte[] read(int count, Deadline deadline) throws IOException {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      if (from == to) {
        fill(deadline);
      }
      int part = Math.min(count - done, to - from);
      System.arraycopy(buffer, from, bytes, done, part);
      from += part;
      done += part;
    }
    return bytes;
  }

  private void fill(Deadline deadline) throws IOException {
    socket.setSoTimeout(deadline.socketMillis());
    int count;
    try {
      count = socket.getInputStream().read(buffer);
    } catch (SocketTimeoutException _) {
      throw Deadline.over();
    }
    if (count < 0) {
      throw new Http2Exception(
          Http2Exception.Kind.LOST, ErrorCode.NO_ERROR, "the server closed the connection");
    }
    from = 0;
    to = count;
  }
}
