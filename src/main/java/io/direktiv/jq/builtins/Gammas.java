package io.direktiv.jq.builtins;

/// The gamma function, its logarithm, and the error function.
///
/// Gamma comes from Stirling's series far out, and nearer from there by its recurrence, down to the
/// neighbourhood of 1 and 2, where its logarithm vanishes and is a series of zeta's values. The
/// error function is its series near 0, and a continued fraction beyond.
///
/// @see "NIST Digital Library of Mathematical Functions, 5.5, 5.7, 5.11, 7.6, 7.9"
final class Gammas {
  private static final double EULER = 0.57721566490153286061;
  private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;
  private static final double LAST = 0x1p-56;

  /// Stirling's series is exact to the last digit from here on.
  private static final double FAR = 16;

  /// Bernoulli's numbers, each over `2k (2k - 1)`.
  private static final double[] STIRLING = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
  };

  private Gammas() {}

  /// The logarithm of the absolute value of gamma.
  static double logarithm(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (Double.isInfinite(x) || x <= 0 && x == Math.rint(x)) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < -0x1p52 || x > 0x1p60) {
      return x < 0 ? Double.POSITIVE_INFINITY : x * (Math.log(x) - 1);
    }
    if (x < 0.5) {
      return Math.abs(x) < 0x1p-60
          ? -Math.log(Math.abs(x))
          : Math.log(Math.PI / Math.abs(sineOfPi(x))) - logarithm(1 - x);
    }
    if (x >= FAR) {
      return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirling(x);
    }
    double product = 1;
    double near = x;
    while (near > 2.5) {
      near -= 1;
      product *= near;
    }
    return Math.log(product) + nearOneOrTwo(near);
  }

  /// Gamma itself.
  static double gamma(double x) {
    if (Double.isNaN(x) || x == Double.POSITIVE_INFINITY) {
      return x;
    }
    if (x == 0) {
      return 1 / x;
    }
    if (x < 0 && x == Math.rint(x) || x == Double.NEGATIVE_INFINITY) {
      return Double.NaN;
    }
    if (x < 0.5) {
      return x < -184 ? Math.copySign(0, sineOfPi(x)) : reflected(x);
    }
    if (x > 172) {
      return Double.POSITIVE_INFINITY;
    }
    double product = 1;
    double near = x;
    while (near > 2.5) {
      near -= 1;
      product *= near;
    }
    return near == 1 || near == 2 ? product : product * Math.exp(nearOneOrTwo(near));
  }

  private static double reflected(double x) {
    double value = Math.PI / sineOfPi(x);
    double other = 1 - x;
    while (other > 171) {
      other -= 1;
      value /= other;
    }
    return value / gamma(other);
  }

  /// The sign of gamma.
  static int sign(double x) {
    boolean isNegative = x < 0 && x != Math.rint(x) && Math.floor(x) % 2 != 0;
    return isNegative ? -1 : 1;
  }

  private static double stirling(double x) {
    double sum = 0;
    for (int k = STIRLING.length - 1; k >= 0; k--) {
      sum = sum / (x * x) + STIRLING[k];
    }
    return sum / x;
  }

  /// The logarithm for 0.5 to 2.5.
  private static double nearOneOrTwo(double x) {
    if (x < 1.5) {
      return zetas(x - 1) - Math.log1p(x - 1);
    }
    return zetas(x - 2);
  }

  /// The logarithm of gamma at `2 + z`, for `z` from -0.5 to 0.5.
  private static double zetas(double z) {
    double sum = 0;
    double power = z;
    for (int k = 2; k < 60; k++) {
      power *= -z;
      sum -= Zetas.LESS_ONE[k] * power / k;
    }
    return (1 - EULER) * z + sum;
  }

  /// Riemann's zeta at whole numbers from 2 on, less 1.
  private static final class Zetas {
    static final double[] LESS_ONE = new double[60];

    static {
      for (int k = 2; k < LESS_ONE.length; k++) {
        LESS_ONE[k] = lessOne(k);
      }
    }

    private Zetas() {}

    /// A sum, and Euler and Maclaurin's for the rest of it.
    private static double lessOne(int k) {
      int n = 30;
      double end = Math.pow(n, -k);
      double sum = end * n / (k - 1) - end / 2 + k * end / n / 12;
      sum -= k * (k + 1.0) * (k + 2) * end / n / n / n / 720;
      sum += k * (k + 1.0) * (k + 2) * (k + 3) * (k + 4) * end / Math.pow(n, 5) / 30240;
      for (int i = n; i > 1; i--) {
        sum += Math.pow(i, -k);
      }
      return sum;
    }
  }

  private static double sineOfPi(double x) {
    double rest = x - 2 * Math.rint(x / 2);
    if (Math.abs(rest) > 0.5) {
      rest = Math.copySign(1, rest) - rest;
    }
    return Math.sin(Math.PI * rest);
  }

  /// The error function.
  static double error(double x) {
    double size = Math.abs(x);
    if (!(size > 1)) {
      return size == 0 ? x : series(x);
    }
    return Math.copySign(1 - fraction(size), x);
  }

  /// 1 less the error function, which is more than 0 far out.
  static double errorRest(double x) {
    if (x < -1) {
      return 2 - fraction(-x);
    }
    return x < 0.75 ? 1 - error(x) : Double.isNaN(x) ? x : fraction(x);
  }

  /// All terms have one sign.
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int k = 1; Math.abs(term) > Math.abs(sum) * LAST; k++) {
      term *= 2 * x * x / (2 * k + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * bell(x) * sum;
  }

  /// From 0.75 on.
  private static double fraction(double x) {
    if (x > 27.3) {
      return 0;
    }
    double rest = x;
    for (int k = 20 + (int) (400 / (x * x)); k > 0; k--) {
      rest = x + 0.5 * k / rest;
    }
    return bell(x) / (rest * Math.sqrt(Math.PI));
  }

  /// `exp(-x x)`; the square is taken apart, as its last digit counts.
  private static double bell(double x) {
    double high = (float) x;
    return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
  }
}
