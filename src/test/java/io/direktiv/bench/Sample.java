package io.direktiv.bench;

import java.util.Arrays;
import java.util.List;

/// Measured values in ascending order.
record Sample(double[] values) {
  static Sample of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Sample(sorted);
  }

  static Sample of(List<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /// The value that the fraction `q` of all values do not exceed.
  double quantile(double q) {
    return values[(int) Math.min(values.length - 1L, (long) (q * values.length))];
  }

  double median() {
    return quantile(0.5);
  }

  double min() {
    return values[0];
  }

  double max() {
    return values[values.length - 1];
  }
}
