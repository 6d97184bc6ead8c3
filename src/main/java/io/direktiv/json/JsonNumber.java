package io.direktiv.json;

import java.math.BigDecimal;
import java.math.MathContext;

/// A JSON number. A literal keeps its text until arithmetic replaces it.
public final class JsonNumber implements Json, Comparable<JsonNumber> {
  private static final int SMALL_MIN = -128;
  private static final int SMALL_MAX = 1_023;

  /// No literal of a `long` is longer but by zeros.
  private static final int LONG_CHARS = 64;

  private static final JsonNumber[] SMALL = small();
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final double value;
  private final String text;

  private JsonNumber(double value, String text) {
    this.value = value;
    this.text = text;
  }

  private static JsonNumber[] small() {
    JsonNumber[] numbers = new JsonNumber[SMALL_MAX - SMALL_MIN + 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new JsonNumber((double) i + SMALL_MIN, null);
    }
    return numbers;
  }

  /// The integer `value`, exact also beyond 2^53.
  public static JsonNumber of(long value) {
    if (value >= SMALL_MIN && value <= SMALL_MAX) {
      return SMALL[(int) value - SMALL_MIN];
    }
    boolean isExact = Math.abs(value) <= 1L << 53;
    return new JsonNumber(value, isExact ? null : Long.toString(value));
  }

  /// The number `value`.
  public static JsonNumber of(double value) {
    int whole = (int) value;
    if (whole == value && whole >= SMALL_MIN && whole <= SMALL_MAX) {
      boolean isNegativeZero = whole == 0 && Double.doubleToRawLongBits(value) != 0;
      return isNegativeZero ? new JsonNumber(value, null) : SMALL[whole - SMALL_MIN];
    }
    return new JsonNumber(value, null);
  }

  /// The number that `literal` spells, which is kept.
  ///
  /// @throws NumberFormatException when `literal` is not a JSON number
  public static JsonNumber literal(String literal) {
    return new JsonNumber(Double.parseDouble(literal), literal);
  }

  /// The number that `literal` spells, which has no exponent: when its digits without the point are
  /// exact and the power of ten is, their quotient is the nearest double.
  ///
  /// @see "William Clinger, How to Read Floating Point Numbers Accurately"
  static JsonNumber decimal(String literal, long digits, int places) {
    return new JsonNumber(digits / POWERS[places], literal);
  }

  /// This number with the other sign; a literal stays one. Of 0 it is 0, as decimal arithmetic has
  /// it.
  public JsonNumber negate() {
    if (value == 0) {
      return text == null ? of(0) : text.startsWith("-") ? literal(text.substring(1)) : this;
    }
    if (text == null) {
      return of(-value);
    }
    return new JsonNumber(-value, text.startsWith("-") ? text.substring(1) : "-" + text);
  }

  /// True for small whole numbers, which are there once for all.
  public boolean isShared() {
    return text == null
        && value >= SMALL_MIN
        && value <= SMALL_MAX
        && SMALL[(int) value - SMALL_MIN] == this;
  }

  /// How long the literal is that is kept; 0 when none is.
  public int literalChars() {
    return text == null ? 0 : text.length();
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
    if (text != null && Math.abs(value) >= 0x1p53 && text.length() < LONG_CHARS) {
      return new BigDecimal(text).longValue();
    }
    return (long) value;
  }

  /// Compares two literals by all their digits, which a double may not hold; a number that was
  /// computed has no more digits than its double.
  public int compareExactly(JsonNumber other) {
    if (this == other) {
      return 0;
    }
    return text == null || other.text == null
        ? compareTo(other)
        : Decimals.compare(text, other.text);
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
      return isPlain() ? text : Decimals.canonical(text);
    }
    if (Double.isNaN(value)) {
      return "null";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e16) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    return shortest(value);
  }

  /// Puts what [#toString] says at the end of `out`.
  void appendTo(StringBuilder out) {
    if (text == null && value == (long) value && Math.abs(value) < 1e16 && value != 0) {
      out.append((long) value);
    } else {
      out.append(this);
    }
  }

  /// True when the literal is written as it is printed: without an exponent, a leading point or a
  /// leading zero too many.
  private boolean isPlain() {
    int start = text.charAt(0) == '-' ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'e' || c == 'E' || c == '.' && (i == start || i == text.length() - 1)) {
        return false;
      }
    }
    return text.length() < start + 2 || text.charAt(start) != '0' || text.charAt(start + 1) == '.';
  }

  /// The shortest digits that give `value` back, in jq's layout: an exponent, with a sign and at
  /// least two digits, below 1e-4 and where more than fifteen zeros would have to follow.
  private static String shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal rounded = decimal.round(new MathContext(1));
      decimal = rounded.doubleValue() == value ? rounded.stripTrailingZeros() : decimal;
    }
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < decimal.precision() + 15) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent) < 10 ? "0" : "");
    return out.append(Math.abs(exponent)).toString();
  }
}
