package io.direktiv.client.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes header blocks (RFC 7541) without remembering anything: a command sends one or two.
final class HpackEncoder {
  private static final int NEVER_INDEXED = 0x10;

  private HpackEncoder() {}

  /// The block of `headers`.
  ///
  /// It begins with "my dynamic table holds 0 bytes", which is true and spares us the server's
  /// setting. Fields that no proxy may remember are marked so (section 7.1.3).
  static byte[] encode(List<Header> headers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.write(0x20);
    for (Header header : headers) {
      write(out, header);
    }
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, Header header) {
    int nameIndex = 0;
    for (int i = 1; i <= StaticTable.size(); i++) {
      Header known = StaticTable.get(i);
      if (!known.name().equals(header.name())) {
        continue;
      }
      if (known.value().equals(header.value())) {
        integer(out, 0x80, 7, i);
        return;
      }
      nameIndex = nameIndex == 0 ? i : nameIndex;
    }
    integer(out, header.name().equals("authorization") ? NEVER_INDEXED : 0, 4, nameIndex);
    if (nameIndex == 0) {
      string(out, header.name());
    }
    string(out, header.value());
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    integer(out, 0, 7, bytes.length);
    out.writeBytes(bytes);
  }

  private static void integer(ByteArrayOutputStream out, int flags, int prefixBits, int value) {
    int mask = (1 << prefixBits) - 1;
    if (value < mask) {
      out.write(flags | value);
      return;
    }
    out.write(flags | mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
