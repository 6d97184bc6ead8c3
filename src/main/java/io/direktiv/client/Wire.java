package io.direktiv.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Protocol Buffers' encoding of messages.
///
/// Reading and writing recurse over messages within messages; the shapes are finite, so their depth
/// is that of the deepest shape and not chosen by the server.
final class Wire {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private int at;

  private Wire(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /// The bytes of a message.
  static byte[] write(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.forEach((field, value) -> write(out, field, value));
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, Field field, Object value) {
    if (value instanceof List<?> values) {
      values.forEach(each -> write(out, field, each));
      return;
    }
    switch (value) {
      case String text -> block(out, field, text.getBytes(StandardCharsets.UTF_8));
      case byte[] raw -> block(out, field, raw);
      case Message inner -> block(out, field, write(inner));
      case Boolean bool -> number(out, field, bool ? 1 : 0);
      case Long number -> number(out, field, number);
      default -> throw new IllegalArgumentException(field + " cannot hold " + value.getClass());
    }
  }

  private static void block(ByteArrayOutputStream out, Field field, byte[] content) {
    varint(out, field.number() << 3 | BYTES);
    varint(out, content.length);
    out.writeBytes(content);
  }

  private static void number(ByteArrayOutputStream out, Field field, long value) {
    varint(out, field.number() << 3 | VARINT);
    varint(out, value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /// The message of `shape` in `bytes`; fields that the shape does not name are left out.
  ///
  /// @throws GrpcException when the bytes are no message
  static Message read(Shape shape, byte[] bytes) {
    return new Wire(bytes, 0, bytes.length).message(shape);
  }

  private Message message(Shape shape) {
    Message message = new Message(shape);
    while (at < end) {
      long key = varint();
      Field field = shape.numbered((int) (key >>> 3));
      int type = (int) (key & 7);
      if (field == null || type != wireType(field)) {
        skip(type);
      } else if (field.isRepeated()) {
        message.add(field, value(field));
      } else {
        message.set(field.name(), value(field));
      }
    }
    return message;
  }

  private static int wireType(Field field) {
    return switch (field.type()) {
      case STRING, BYTES, MESSAGE, MAP -> BYTES;
      case BOOL, INT32, INT64, ENUM -> VARINT;
    };
  }

  private Object value(Field field) {
    return switch (field.type()) {
      case BOOL -> varint() != 0;
      case INT32, ENUM -> (long) (int) varint();
      case INT64 -> varint();
      case STRING -> {
        int from = block();
        yield new String(bytes, from, at - from, StandardCharsets.UTF_8);
      }
      case BYTES -> {
        int from = block();
        byte[] copy = new byte[at - from];
        System.arraycopy(bytes, from, copy, 0, copy.length);
        yield copy;
      }
      case MESSAGE, MAP -> {
        int from = block();
        yield new Wire(bytes, from, at).message(field.shape());
      }
    };
  }

  private void skip(int type) {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> advance(8);
      case BYTES -> block();
      case FIXED32 -> advance(4);
      default -> throw broken();
    }
  }

  /// Moves behind a block and returns where it begins.
  private int block() {
    long length = varint();
    int from = at;
    advance(length);
    return from;
  }

  private void advance(long count) {
    if (count < 0 || count > end - at) {
      throw broken();
    }
    at += (int) count;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw broken();
      }
      byte part = bytes[at++];
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw broken();
  }

  private static GrpcException broken() {
    return new GrpcException(
        Code.INTERNAL, "the server sent a message that is not in the format of Protocol Buffers");
  }
}
