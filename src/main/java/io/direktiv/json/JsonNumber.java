package io.direktiv.json;

import java.math.BigDecimal;

/// A JSON number. A literal keeps its text until arithmetic replaces it.
public final class JsonNumber implements Json, Comparable<JsonNumber> {
  private final double value;
  private final String text;

  private JsonNumber(double value, String text) {
    this.value = value;
    this.text = text;
  }

  /// The integer `value`, exact also beyond 2^53.
  public static JsonNumber of(long value) {
    return new JsonNumber(value, Long.toString(value));
  }

  /// The number `value`.
  public static JsonNumber of(double value) {
    return new JsonNumber(value, null);
  }

  /// The number that `literal` spells, which is kept.
  ///
  /// @throws NumberFormatException when `literal` is not a JSON number
  public static JsonNumber literal(String literal) {
    return new JsonNumber(Double.parseDouble(literal), literal);
  }

  /// The nearest double.
  public double doubleValue() {
    return value;
  }

  /// True when the number is whole and fits a `long` exactly.
  public boolean isLong() {
    return value == Math.rint(value) && Math.abs(value) <= 0x1p62;
  }

  /// The number as a `long`, truncated toward zero and clamped to its range.
  public long longValue() {
    if (text != null && Math.abs(value) >= 0x1p53) {
      return new BigDecimal(text).longValue();
    }
    return (long) value;
  }

  @Override
  public int compareTo(JsonNumber other) {
    return Double.compare(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonNumber number && number.value == value;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(value == 0 ? 0.0 : value);
  }

  @Override
  public String toString() {
    if (text != null) {
      return text;
    }
    if (Double.isNaN(value)) {
      return "null";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e17) {
      return Long.toString((long) value);
    }
    return Double.toString(value);
  }
}
