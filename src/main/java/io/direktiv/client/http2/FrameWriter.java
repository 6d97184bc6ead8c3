package io.direktiv.client.http2;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes frames; they leave together with [#flush].
final class FrameWriter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private byte[] buffer = new byte[4_096];
  private int length;

  FrameWriter(OutputStream out) {
    this.out = out;
  }

  /// What a client says first (RFC 9113, section 3.4).
  void preface() {
    reserve(PREFACE.length);
    System.arraycopy(PREFACE, 0, buffer, length, PREFACE.length);
    length += PREFACE.length;
  }

  /// A frame whose payload is a part of `bytes`.
  void frame(int type, int flags, int stream, byte[] bytes, int offset, int count) {
    head(count, type, flags, stream);
    reserve(count);
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  /// A frame whose payload is `bytes`.
  void frame(int type, int flags, int stream, byte[] bytes) {
    frame(type, flags, stream, bytes, 0, bytes.length);
  }

  /// A frame whose payload are `numbers` of 32 bits.
  void numbers(int type, int stream, int... numbers) {
    head(4 * numbers.length, type, 0, stream);
    for (int number : numbers) {
      number(number);
    }
  }

  /// SETTINGS with one pair of identifier and value after the other.
  void settings(int... pairs) {
    head(3 * pairs.length, Frame.SETTINGS, 0, 0);
    for (int i = 0; i < pairs.length; i += 2) {
      reserve(2);
      buffer[length++] = (byte) (pairs[i] >> 8);
      buffer[length++] = (byte) pairs[i];
      number(pairs[i + 1]);
    }
  }

  /// Sends what was written.
  void flush() throws IOException {
    if (length == 0) {
      return;
    }
    out.write(buffer, 0, length);
    out.flush();
    length = 0;
  }

  private void head(int count, int type, int flags, int stream) {
    reserve(Frame.HEAD_BYTES);
    buffer[length++] = (byte) (count >> 16);
    buffer[length++] = (byte) (count >> 8);
    buffer[length++] = (byte) count;
    buffer[length++] = (byte) type;
    buffer[length++] = (byte) flags;
    number(stream);
  }

  private void number(int value) {
    reserve(4);
    buffer[length++] = (byte) (value >> 24);
    buffer[length++] = (byte) (value >> 16);
    buffer[length++] = (byte) (value >> 8);
    buffer[length++] = (byte) value;
  }

  private void reserve(int count) {
    if (buffer.length - length < count) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + count));
    }
  }
}
