package io.direktiv.jq.builtins;

/// The Bessel functions of the first and second kind, of whole orders.
///
/// Up to [#FAR] the first kind comes from its recurrence downwards, which is stable and says by how
/// much it is off: `J0 + 2 J2 + 2 J4 + …` is 1 (Miller's way). The second kind is Neumann's series
/// over the same values. Beyond, both are Hankel's expansion, whose terms are below the last digit
/// before they grow again. Near 0, or of a high order, the first kind is its power series. Near a
/// value of 0 the error is as large as that of values near 1.
///
/// @see "NIST Digital Library of Mathematical Functions, 10.8, 10.12, 10.17, 10.74"
final class Bessel {
  private static final double FAR = 25;
  private static final double EULER = 0.57721566490153286061;
  private static final double TWO_BY_PI = 2 / Math.PI;
  private static final double LOG_TWO = Math.log(2);
  private static final double HUGE = 0x1p500;

  /// The recurrences take a step for each order; of an order above this one, the values are only
  /// known where they are 0 or infinite.
  private static final int ORDER_MAX = 100_000;

  private static final double TINY = 1e-9;

  private Bessel() {}

  /// `J(n, x)`
  static double first(int n, double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    boolean isNegative = (n & 1) != 0 && (n < 0 != x < 0);
    double value = ofPositive(Math.abs(n), Math.abs(x));
    return isNegative ? -value : value;
  }

  private static double ofPositive(int n, double x) {
    if (x == 0 || Double.isInfinite(x)) {
      return n == 0 && x == 0 ? 1 : 0;
    }
    if (n > ORDER_MAX) {
      return x < n / 2.0 ? 0 : Double.NaN;
    }
    if (x * x <= 2 * (n + 1.0)) {
      return series(n, x);
    }
    if (n > x || x < FAR) {
      return downwards(n, x)[n];
    }
    return upwards(n, x, hankel(0, x, false), hankel(1, x, false));
  }

  /// `Y(n, x)`
  static double second(int n, double x) {
    if (Double.isNaN(x) || x < 0) {
      return Double.NaN;
    }
    int order = Math.abs(n);
    double sign = n < 0 && (n & 1) != 0 ? -1 : 1;
    if (x == 0) {
      return sign * Double.NEGATIVE_INFINITY;
    }
    if (Double.isInfinite(x)) {
      return 0;
    }
    if (order > ORDER_MAX) {
      return x < order / 2.0 ? sign * Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (x >= FAR) {
      return sign * upwards(order, x, hankel(0, x, true), hankel(1, x, true));
    }
    double[] first = x < TINY ? new double[] {1, x / 2, 0} : downwards(1, x);
    return sign * upwards(order, x, neumann0(x, first), neumann1(x, first));
  }

  private static double series(int n, double x) {
    double term = 1;
    for (int k = 1; k <= n && term > 0; k++) {
      term *= x / 2 / k;
    }
    double sum = term;
    for (int k = 1; Math.abs(term) > Math.abs(sum) * 0x1p-60; k++) {
      term *= -x * x / 4 / k / (n + k);
      sum += term;
    }
    return sum;
  }

  /// From the orders 0 and 1 to order `n`.
  private static double upwards(int n, double x, double zero, double one) {
    double before = zero;
    double value = n == 0 ? zero : one;
    for (int k = 1; k < n && !Double.isInfinite(value); k++) {
      double next = 2 * k / x * value - before;
      before = value;
      value = next;
    }
    return value;
  }

  /// `J(0, x)`, `J(1, x)`, … to order `n` and as far as they count.
  private static double[] downwards(int n, double x) {
    int start = Math.max(n, (int) x) + 40 + (int) Math.sqrt(60.0 * Math.max(n, x));
    start += start & 1;
    double[] values = new double[start + 2];
    values[start] = 0x1p-1000;
    for (int k = start; k > 0; k--) {
      values[k - 1] = 2 * k / x * values[k] - values[k + 1];
      if (Math.abs(values[k - 1]) > HUGE) {
        for (int i = k - 1; i < values.length && values[i] != 0; i++) {
          values[i] /= HUGE;
        }
      }
    }
    double sum = 0;
    for (int k = start; k > 0; k -= 2) {
      sum += 2 * values[k];
    }
    sum += values[0];
    for (int k = 0; k <= start; k++) {
      values[k] /= sum;
    }
    return values;
  }

  private static double neumann0(double x, double[] first) {
    double sum = 0;
    for (int k = (first.length - 2) / 2; k > 0; k--) {
      sum += ((k & 1) == 0 ? 1 : -1) * first[2 * k] / k;
    }
    return TWO_BY_PI * ((Math.log(x) - LOG_TWO + EULER) * first[0] - 2 * sum);
  }

  private static double neumann1(double x, double[] first) {
    double sum = 0;
    for (int k = (first.length - 3) / 2; k > 0; k--) {
      double weight = (2 * k + 1.0) / (k * (k + 1.0));
      sum += ((k & 1) == 0 ? 1 : -1) * weight * first[2 * k + 1];
    }
    return TWO_BY_PI * (-first[0] / x + (Math.log(x) - LOG_TWO + EULER - 1) * first[1] - sum);
  }

  /// Of order 0 or 1, for a large `x`: a wave and what it differs from one.
  private static double hankel(int n, double x, boolean isSecond) {
    double even = 1;
    double odd = 0;
    double term = 1;
    for (int k = 1; k <= 2 * FAR && Math.abs(term) > 0x1p-60; k++) {
      term *= (4.0 * n * n - (2.0 * k - 1) * (2 * k - 1)) / (8 * k * x);
      double signed = (k & 2) == 0 ? term : -term;
      if ((k & 1) == 0) {
        even += signed;
      } else {
        odd += signed;
      }
    }
    // The angle is x less pi/4 or 3 pi/4, whose sine and cosine are those of x added up.
    double sine = Math.sin(x);
    double cosine = Math.cos(x);
    double cosineOfAngle = (n == 0 ? cosine + sine : sine - cosine) * Math.sqrt(0.5);
    double sineOfAngle = (n == 0 ? sine - cosine : -sine - cosine) * Math.sqrt(0.5);
    double wave =
        isSecond
            ? even * sineOfAngle + odd * cosineOfAngle
            : even * cosineOfAngle - odd * sineOfAngle;
    return Math.sqrt(TWO_BY_PI / x) * wave;
  }
}
