package io.direktiv.local.jq;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Gathers bytes for a stream. Characters that are no UTF-16 become U+FFFD.
final class Sink {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private byte[] bytes = new byte[FLUSH_BYTES + 256];
  private int size;

  Sink(OutputStream out) {
    this.out = out;
  }

  /// Writes an ASCII character.
  void put(int c) {
    room(1);
    bytes[size++] = (byte) c;
  }

  /// Writes ASCII text.
  @SuppressWarnings("deprecation") // of the methods of String, only this one copies without a check
  void ascii(String text) {
    int length = text.length();
    room(length);
    text.getBytes(0, length, bytes, size);
    size += length;
  }

  void text(String text) {
    int length = text.length();
    room(3 * length);
    byte[] to = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        to[at++] = (byte) c;
      } else {
        size = at;
        i += wide(text, i);
        at = size;
      }
    }
    size = at;
  }

  /// Writes the character at `i`, for which there is room; returns how many more units it has.
  int wide(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x800) {
      bytes[size++] = (byte) (0xc0 | c >> 6);
    } else {
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int code = Character.toCodePoint(c, text.charAt(i + 1));
        bytes[size++] = (byte) (0xf0 | code >> 18);
        bytes[size++] = (byte) (0x80 | code >> 12 & 0x3f);
        bytes[size++] = (byte) (0x80 | code >> 6 & 0x3f);
        bytes[size++] = (byte) (0x80 | code & 0x3f);
        return 1;
      }
      c = Character.isSurrogate(c) ? 0xfffd : c;
      bytes[size++] = (byte) (0xe0 | c >> 12);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
    }
    bytes[size++] = (byte) (0x80 | c & 0x3f);
    return 0;
  }

  /// Makes room for `more` bytes.
  void room(int more) {
    if (bytes.length - size >= more) {
      return;
    }
    flush();
    if (bytes.length < more) {
      bytes = Arrays.copyOf(bytes, more);
    }
  }

  /// Hands everything to the stream.
  ///
  /// @throws Refusal when the stream does not take it
  void flush() {
    if (size == 0) {
      return;
    }
    int written = size;
    size = 0;
    try {
      out.write(bytes, 0, written);
      out.flush();
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("Broken pipe") || reason.contains("Connection reset")) {
        throw new Refusal(ExitCode.PIPE_CLOSED, "");
      }
      throw new Refusal(ExitCode.SYSTEM, "jq: error: writing output failed: " + reason);
    }
  }

  /// Writes a line at once.
  void line(String text) {
    text(text);
    put('\n');
    flush();
  }

  /// The text as bytes, for what counts bytes.
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
