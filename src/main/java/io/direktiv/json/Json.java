package io.direktiv.json;

import java.nio.charset.StandardCharsets;

/// An immutable JSON value. Safe to share between threads; updates return a new value.
///
/// `toString` is compact JSON text. `equals` is JSON equality: key order is ignored and numbers are
/// equal when their values are.
public sealed interface Json
    permits JsonNull, JsonBoolean, JsonNumber, JsonString, JsonArray, JsonObject {

  /// The value `null`.
  Json NULL = JsonNull.NULL;

  /// The value `true`.
  Json TRUE = JsonBoolean.TRUE;

  /// The value `false`.
  Json FALSE = JsonBoolean.FALSE;

  /// The boolean `value`.
  static Json of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /// The integer `value`.
  static Json of(long value) {
    return JsonNumber.of(value);
  }

  /// The number `value`; may be infinite or not a number, which print as jq prints them.
  static Json of(double value) {
    return JsonNumber.of(value);
  }

  /// The string `value`.
  static Json of(String value) {
    return new JsonString(value);
  }

  /// Reads exactly one JSON text within the default [JsonLimits].
  ///
  /// @throws JsonException with line and column when `text` is not one JSON value
  static Json parse(String text) {
    return JsonReader.read(text, JsonLimits.DEFAULT);
  }

  /// Reads exactly one JSON text in UTF-8 within the default [JsonLimits].
  ///
  /// @throws JsonException with line and column when `text` is not one JSON value
  static Json parse(byte[] text) {
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  /// The text with two blanks of indentation per level, as jq prints it.
  default String toPrettyString() {
    return JsonWriter.pretty(this);
  }

  /// The compact text in UTF-8.
  default byte[] toBytes() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }
}
