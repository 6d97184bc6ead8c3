package io.direktiv.json;

/// Compares decimal literals by their digits and writes them as `BigDecimal` does, in time that is
/// linear in their length.
final class Decimals {
  private final String text;
  private final boolean isNegative;

  /// Where the first digit stands that is not 0, or -1.
  private final int first;

  /// Where the mantissa ends.
  private final int end;

  /// The power of ten of the first digit.
  private final long magnitude;

  private Decimals(String text) {
    this.text = text;
    this.isNegative = text.charAt(0) == '-';
    int at = isNegative || text.charAt(0) == '+' ? 1 : 0;
    int found = -1;
    int point = -1;
    while (at < text.length() && (text.charAt(at) | 0x20) != 'e') {
      char c = text.charAt(at);
      if (c == '.') {
        point = at;
      } else if (c != '0' && found < 0) {
        found = at;
      }
      at++;
    }
    this.first = found;
    this.end = at;
    int units = point < 0 ? end : point;
    long exponent = at < text.length() ? exponent(text.substring(at + 1)) : 0;
    this.magnitude = exponent + (found < units ? units - 1L - found : (long) units - found);
  }

  /// Clamped far beyond what digits can make up for.
  private static long exponent(String text) {
    boolean isNegative = text.startsWith("-");
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        value = Math.min(1L << 60, value * 10 + c - '0');
      }
    }
    return isNegative ? -value : value;
  }

  private int sign() {
    return first < 0 ? 0 : isNegative ? -1 : 1;
  }

  /// The literal as decimal arithmetic writes it: with an exponent where it has one that is above
  /// 0, or more than six zeros would follow the point.
  static String canonical(String text) {
    Decimals decimal = new Decimals(text);
    int from = text.charAt(0) == '-' ? 1 : 0;
    int point = text.indexOf('.');
    String digits =
        decimal.first < 0 ? "0" : text.substring(decimal.first, decimal.end).replace(".", "");
    int places = point < 0 ? 0 : decimal.end - point - 1;
    long scale =
        places - (decimal.end < text.length() ? exponent(text.substring(decimal.end + 1)) : 0);
    long adjusted = digits.length() - 1 - scale;
    StringBuilder out = new StringBuilder(digits.length() + 24).append(text, 0, from);
    if (scale >= 0 && adjusted >= -6) {
      int whole = digits.length() - (int) scale;
      if (scale == 0) {
        out.append(digits);
      } else if (whole > 0) {
        out.append(digits, 0, whole).append('.').append(digits, whole, digits.length());
      } else {
        out.append("0.").repeat('0', -whole).append(digits);
      }
      return out.toString();
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    if (adjusted != 0) {
      out.append(adjusted < 0 ? "E" : "E+").append(adjusted);
    }
    return out.toString();
  }

  static int compare(String left, String right) {
    Decimals a = new Decimals(left);
    Decimals b = new Decimals(right);
    if (a.sign() != b.sign() || a.sign() == 0) {
      return Integer.compare(a.sign(), b.sign());
    }
    int size = Long.compare(a.magnitude, b.magnitude);
    return a.sign() * (size != 0 ? size : digits(a, b));
  }

  private static int digits(Decimals a, Decimals b) {
    int i = a.first;
    int j = b.first;
    while (i < a.end || j < b.end) {
      i += i < a.end && a.text.charAt(i) == '.' ? 1 : 0;
      j += j < b.end && b.text.charAt(j) == '.' ? 1 : 0;
      int x = i < a.end ? a.text.charAt(i++) : '0';
      int y = j < b.end ? b.text.charAt(j++) : '0';
      if (x != y) {
        return Integer.compare(x, y);
      }
    }
    return 0;
  }
}
