package io.direktiv.client;

/// A field of a message.
///
/// @param number on the wire
/// @param shape of the message or entry it holds; null for plain values
public record Field(int number, String name, Type type, boolean isRepeated, Shape shape) {
  /// What a field holds, and as which class [Message] keeps it.
  public enum Type {
    /// [String].
    STRING,
    /// `byte[]`.
    BYTES,
    /// [Boolean].
    BOOL,
    /// [Long].
    INT32,
    /// [Long].
    INT64,
    /// [Long], the number of the constant.
    ENUM,
    /// [Message].
    MESSAGE,
    /// [Message] with `key` and `value`, repeated.
    MAP
  }

  static Field string(int number, String name) {
    return new Field(number, name, Type.STRING, false, null);
  }

  static Field strings(int number, String name) {
    return new Field(number, name, Type.STRING, true, null);
  }

  static Field bytes(int number, String name) {
    return new Field(number, name, Type.BYTES, false, null);
  }

  static Field bool(int number, String name) {
    return new Field(number, name, Type.BOOL, false, null);
  }

  static Field int32(int number, String name) {
    return new Field(number, name, Type.INT32, false, null);
  }

  static Field int64(int number, String name) {
    return new Field(number, name, Type.INT64, false, null);
  }

  static Field enumeration(int number, String name) {
    return new Field(number, name, Type.ENUM, false, null);
  }

  static Field message(int number, String name, Shape shape) {
    return new Field(number, name, Type.MESSAGE, false, shape);
  }

  static Field messages(int number, String name, Shape shape) {
    return new Field(number, name, Type.MESSAGE, true, shape);
  }

  static Field time(int number, String name) {
    return message(number, name, Shape.TIMESTAMP);
  }

  static Field map(int number, String name) {
    return new Field(number, name, Type.MAP, true, Shape.ENTRY);
  }
}
