package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// The builtins about numbers.
final class Maths {
  private static final double[] LANCZOS = {
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7
  };

  private Maths() {}

  static void register(Map<String, Natives.Function> functions) {
    unary(functions);
    binary(functions);
    functions.put("infinite/0", (_, _, _) -> Json.of(Double.POSITIVE_INFINITY));
    functions.put("nan/0", (_, _, _) -> Json.of(Double.NaN));
    functions.put(
        "isinfinite/0",
        (in, _, _) -> Json.of(in instanceof JsonNumber n && Double.isInfinite(n.doubleValue())));
    functions.put(
        "isnan/0",
        (in, _, _) -> Json.of(in instanceof JsonNumber n && Double.isNaN(n.doubleValue())));
    functions.put(
        "isnormal/0",
        (in, _, _) -> Json.of(in instanceof JsonNumber n && isNormal(n.doubleValue())));
    functions.put("abs/0", (in, _, _) -> abs(in));
    functions.put("frexp/0", (in, _, _) -> frexp(number(in)));
    functions.put("modf/0", (in, _, _) -> modf(number(in)));
    functions.put("lgamma_r/0", (in, _, _) -> lgammaSigned(number(in)));
    functions.put(
        "fma/3",
        (_, args, _) -> Json.of(Math.fma(number(args[0]), number(args[1]), number(args[2]))));
  }

  private static void unary(Map<String, Natives.Function> functions) {
    put(functions, "floor", Math::floor);
    put(functions, "ceil", Math::ceil);
    put(functions, "round", x -> Math.copySign(Math.floor(Math.abs(x) + 0.5), x));
    put(functions, "trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x));
    put(functions, "rint", Math::rint);
    put(functions, "nearbyint", Math::rint);
    put(functions, "sqrt", Math::sqrt);
    put(functions, "cbrt", Math::cbrt);
    put(functions, "fabs", Math::abs);
    put(functions, "exp", Math::exp);
    put(functions, "exp2", x -> Math.pow(2, x));
    put(functions, "exp10", x -> Math.pow(10, x));
    put(functions, "expm1", Math::expm1);
    put(functions, "log", Math::log);
    put(functions, "log2", Maths::log2);
    put(functions, "log10", Math::log10);
    put(functions, "log1p", Math::log1p);
    put(functions, "logb", x -> x == 0 ? Double.NEGATIVE_INFINITY : Math.getExponent(x));
    put(functions, "significand", x -> x == 0 ? x : x / Math.pow(2, Math.getExponent(x)));
    put(functions, "sin", Math::sin);
    put(functions, "cos", Math::cos);
    put(functions, "tan", Math::tan);
    put(functions, "asin", Math::asin);
    put(functions, "acos", Math::acos);
    put(functions, "atan", Math::atan);
    put(functions, "sinh", Math::sinh);
    put(functions, "cosh", Math::cosh);
    put(functions, "tanh", Math::tanh);
    put(functions, "asinh", x -> Math.copySign(Math.log(Math.abs(x) + Math.hypot(x, 1)), x));
    put(functions, "acosh", x -> Math.log(x + Math.sqrt(x * x - 1)));
    put(functions, "atanh", x -> 0.5 * Math.log((1 + x) / (1 - x)));
    put(functions, "gamma", Maths::logGamma);
    put(functions, "lgamma", Maths::logGamma);
    put(functions, "tgamma", Maths::gamma);
  }

  private static void binary(Map<String, Natives.Function> functions) {
    put(functions, "pow", Math::pow);
    put(functions, "atan2", Math::atan2);
    put(functions, "fmin", Math::min);
    put(functions, "fmax", Math::max);
    put(functions, "fmod", (x, y) -> x % y);
    put(functions, "hypot", Math::hypot);
    put(functions, "copysign", Math::copySign);
    put(functions, "drem", Math::IEEEremainder);
    put(functions, "fdim", (x, y) -> Math.max(0, x - y));
    put(functions, "nextafter", Math::nextAfter);
    put(functions, "nexttoward", Math::nextAfter);
    put(functions, "ldexp", (x, y) -> Math.scalb(x, (int) Math.clamp(y, -3000, 3000)));
    put(functions, "scalb", (x, y) -> Math.scalb(x, (int) Math.clamp(y, -3000, 3000)));
    put(functions, "scalbln", (x, y) -> Math.scalb(x, (int) Math.clamp(y, -3000, 3000)));
  }

  private static void put(
      Map<String, Natives.Function> functions, String name, DoubleUnaryOperator operator) {
    functions.put(name + "/0", (in, _, _) -> JsonNumber.of(operator.applyAsDouble(required(in))));
  }

  private static void put(
      Map<String, Natives.Function> functions, String name, DoubleBinaryOperator operator) {
    functions.put(
        name + "/2",
        (_, args, _) ->
            JsonNumber.of(operator.applyAsDouble(required(args[0]), required(args[1]))));
  }

  private static double required(Json value) {
    return number(value);
  }

  static double number(Json value) {
    if (value instanceof JsonNumber number) {
      return number.doubleValue();
    }
    throw Values.failure(Values.describe(value) + " number required");
  }

  private static Json abs(Json in) {
    boolean isLess = in == Json.NULL || in == Json.TRUE || in == Json.FALSE;
    if (isLess) {
      throw Values.failure(Values.describe(in) + " cannot be negated");
    }
    return in instanceof JsonNumber number && number.doubleValue() < 0 ? number.negate() : in;
  }

  private static boolean isNormal(double x) {
    return !Double.isNaN(x) && !Double.isInfinite(x) && Math.abs(x) >= Double.MIN_NORMAL;
  }

  private static double log2(double x) {
    int exponent = Math.getExponent(x);
    boolean isPower = x > 0 && x == Math.scalb(1.0, exponent);
    return isPower ? exponent : Math.log(x) / Math.log(2);
  }

  private static Json frexp(double x) {
    if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
      return JsonArray.of(Json.of(x), Json.of(0));
    }
    int exponent = Math.getExponent(x) + 1;
    double mantissa = Math.scalb(x, -exponent);
    while (Math.abs(mantissa) < 0.5) {
      mantissa *= 2;
      exponent--;
    }
    return JsonArray.of(Json.of(mantissa), Json.of((long) exponent));
  }

  private static Json modf(double x) {
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    double part = Double.isInfinite(x) ? Math.copySign(0, x) : x - whole;
    return JsonArray.of(Json.of(part), Json.of(whole));
  }

  private static Json lgammaSigned(double x) {
    boolean isNegative = x < 0 && Math.floor(x) % 2 != 0;
    return JsonArray.of(Json.of(logGamma(x)), Json.of(isNegative ? -1 : 1));
  }

  private static double logGamma(double x) {
    if (x <= 0 && x == Math.floor(x)) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < 0.5) {
      return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
    }
    if (x == 1 || x == 2) {
      return 0;
    }
    double shifted = x - 1;
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (shifted + i);
    }
    double t = shifted + 7.5;
    return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
  }

  private static double gamma(double x) {
    if (x == Math.floor(x) && x > 0 && x < 24) {
      double product = 1;
      for (int i = 2; i < x; i++) {
        product *= i;
      }
      return product;
    }
    boolean isNegative = x < 0 && Math.floor(x) % 2 != 0;
    return (isNegative ? -1 : 1) * Math.exp(logGamma(x));
  }
}
