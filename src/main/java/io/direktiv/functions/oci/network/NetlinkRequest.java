package io.direktiv.functions.oci.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A request to the kernel to make or change something of a network: a header, a structure, and
/// attributes, some of which hold others.
///
/// Sources: `netlink(7)`, `rtnetlink(7)`.
final class NetlinkRequest {
  private static final int BYTES_MAX = 512;
  private static final int ALIGNED = 4;
  private static final int SEQUENCE_AT = 8;
  private static final int REQUEST = 1;
  private static final int WITH_ANSWER = 4;

  /// `NLM_F_CREATE | NLM_F_EXCL`.
  private static final int NEW = 0x400 | 0x200;

  private final String what;
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES_MAX).order(ByteOrder.nativeOrder());

  private NetlinkRequest(String what, int type, int flags) {
    this.what = what;
    buffer.putInt(0).putShort((short) type).putShort((short) (REQUEST | flags));
    buffer.putInt(0).putInt(0);
  }

  /// Makes what must not be there yet.
  ///
  /// @param what names it in messages
  /// @param type as in `RTM_NEWLINK`
  static NetlinkRequest make(String what, int type) {
    return new NetlinkRequest(what, type, WITH_ANSWER | NEW);
  }

  /// Changes what is there.
  static NetlinkRequest change(String what, int type) {
    return new NetlinkRequest(what, type, WITH_ANSWER);
  }

  /// Asks what is there; the answer is a message of its own.
  static NetlinkRequest look(String what, int type) {
    return new NetlinkRequest(what, type, 0);
  }

  String what() {
    return what;
  }

  /// Adds bytes of a structure.
  NetlinkRequest bytes(int... values) {
    for (int value : values) {
      buffer.put((byte) value);
    }
    return this;
  }

  /// Adds numbers of a structure.
  NetlinkRequest numbers(int... values) {
    for (int value : values) {
      buffer.putInt(value);
    }
    return this;
  }

  /// Adds an attribute that is a number.
  NetlinkRequest number(int type, int value) {
    return holding(type, () -> buffer.putInt(value));
  }

  /// Adds an attribute that is a byte.
  NetlinkRequest flag(int type, int value) {
    return holding(type, () -> buffer.put((byte) value));
  }

  /// Adds an attribute that is a text.
  NetlinkRequest text(int type, String value) {
    return holding(type, () -> buffer.put(value.getBytes(StandardCharsets.US_ASCII)).put((byte) 0));
  }

  /// Adds an attribute that is an address of version 4, the first byte in the highest bits.
  NetlinkRequest address(int type, int address) {
    return holding(type, () -> bytes(address >>> 24, address >>> 16, address >>> 8, address));
  }

  /// Adds an attribute that holds what `content` adds.
  NetlinkRequest holding(int type, Runnable content) {
    int start = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    content.run();
    buffer.putShort(start, (short) (buffer.position() - start));
    while (buffer.position() % ALIGNED != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }

  /// It as the kernel reads it.
  ///
  /// @param sequence is in the answer too
  byte[] encoded(int sequence) {
    buffer.putInt(0, buffer.position());
    buffer.putInt(SEQUENCE_AT, sequence);
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }
}
