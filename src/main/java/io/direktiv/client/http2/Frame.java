package io.direktiv.client.http2;

/// A frame (RFC 9113, section 4.1).
///
/// @param stream 0 for the connection
record Frame(int type, int flags, int stream, byte[] payload) {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  /// Of DATA and HEADERS: the last frame of its stream.
  static final int END_STREAM = 0x1;

  /// Of SETTINGS and PING: an answer.
  static final int ACK = 0x1;

  /// Of HEADERS and CONTINUATION: the last frame of its header block.
  static final int END_HEADERS = 0x4;

  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  /// The bytes before the payload.
  static final int HEAD_BYTES = 9;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /// The unsigned 31-bit number at `offset` of the payload.
  int number(int offset) {
    return (int) (unsigned(offset) & 0x7fff_ffffL);
  }

  /// The unsigned 32-bit number at `offset` of the payload.
  long unsigned(int offset) {
    return (payload[offset] & 0xffL) << 24
        | (payload[offset + 1] & 0xffL) << 16
        | (payload[offset + 2] & 0xffL) << 8
        | payload[offset + 3] & 0xffL;
  }

  /// The payload without padding and priority.
  ///
  /// @throws Http2Exception when they are longer than the payload
  byte[] content() {
    int from = has(PADDED) ? 1 : 0;
    int padding = from == 1 && payload.length > 0 ? payload[0] & 0xff : 0;
    if (type == HEADERS && has(WITH_PRIORITY)) {
      from += 5;
    }
    int length = payload.length - from - padding;
    if (length < 0) {
      throw Http2Exception.protocol(
          ErrorCode.PROTOCOL_ERROR, "the server sent a frame whose padding is longer than itself");
    }
    if (length == payload.length) {
      return payload;
    }
    byte[] content = new byte[length];
    System.arraycopy(payload, from, content, 0, length);
    return content;
  }
}
