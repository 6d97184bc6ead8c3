package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// The builtins about numbers.
final class Maths {
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
    put(functions, "logb", Maths::logb);
    put(functions, "significand", Maths::significand);
    put(functions, "sin", Math::sin);
    put(functions, "cos", Math::cos);
    put(functions, "tan", Math::tan);
    put(functions, "asin", Math::asin);
    put(functions, "acos", Math::acos);
    put(functions, "atan", Math::atan);
    put(functions, "sinh", Math::sinh);
    put(functions, "cosh", Math::cosh);
    put(functions, "tanh", Math::tanh);
    put(functions, "asinh", Maths::asinh);
    put(functions, "acosh", Maths::acosh);
    put(functions, "atanh", x -> 0.5 * Math.log1p(2 * x / (1 - x)));
    put(functions, "gamma", Gammas::logarithm);
    put(functions, "lgamma", Gammas::logarithm);
    put(functions, "tgamma", Gammas::gamma);
    put(functions, "erf", Gammas::error);
    put(functions, "erfc", Gammas::errorRest);
    put(functions, "j0", x -> Bessel.first(0, x));
    put(functions, "j1", x -> Bessel.first(1, x));
    put(functions, "y0", x -> Bessel.second(0, x));
    put(functions, "y1", x -> Bessel.second(1, x));
  }

  private static void binary(Map<String, Natives.Function> functions) {
    put(functions, "pow", Math::pow);
    put(functions, "atan2", Math::atan2);
    put(functions, "fmin", (x, y) -> isNaN(x) ? y : isNaN(y) ? x : Math.min(x, y));
    put(functions, "fmax", (x, y) -> isNaN(x) ? y : isNaN(y) ? x : Math.max(x, y));
    put(functions, "fmod", (x, y) -> x % y);
    put(functions, "hypot", Math::hypot);
    put(functions, "copysign", Math::copySign);
    put(functions, "drem", Math::IEEEremainder);
    put(functions, "remainder", Math::IEEEremainder);
    put(functions, "jn", (n, x) -> Bessel.first((int) n, x));
    put(functions, "yn", (n, x) -> Bessel.second((int) n, x));
    put(functions, "fdim", (x, y) -> x <= y ? 0 : x - y);
    put(functions, "nextafter", Math::nextAfter);
    put(functions, "nexttoward", Math::nextAfter);
    put(functions, "ldexp", (x, y) -> Math.scalb(x, (int) Math.clamp(y, -3000, 3000)));
    put(functions, "scalb", Maths::scalb);
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

  private static boolean isNaN(double x) {
    return Double.isNaN(x);
  }

  private static double logb(double x) {
    if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
      return x == 0 ? Double.NEGATIVE_INFINITY : Math.abs(x);
    }
    boolean isNormal = Math.abs(x) >= Double.MIN_NORMAL;
    return isNormal ? Math.getExponent(x) : Math.getExponent(x * 0x1p54) - 54;
  }

  private static double significand(double x) {
    if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
      return x;
    }
    boolean isNormal = Math.abs(x) >= Double.MIN_NORMAL;
    return isNormal
        ? Math.scalb(x, -Math.getExponent(x))
        : Math.scalb(x * 0x1p54, -54 - (int) logb(x));
  }

  private static double scalb(double x, double y) {
    if (Double.isInfinite(y)) {
      return y > 0 ? x * y : x / -y;
    }
    return y == Math.rint(y) ? Math.scalb(x, (int) Math.clamp(y, -3000, 3000)) : Double.NaN;
  }

  private static double asinh(double x) {
    double size = Math.abs(x);
    double value =
        size > 0x1p28
            ? Math.log(size) + Math.log(2)
            : Math.log1p(size + size * size / (1 + Math.sqrt(1 + size * size)));
    return Math.copySign(value, x);
  }

  private static double acosh(double x) {
    double rest = x - 1;
    return x > 0x1p28
        ? Math.log(x) + Math.log(2)
        : Math.log1p(rest + Math.sqrt(2 * rest + rest * rest));
  }

  private static double log2(double x) {
    int exponent = Math.getExponent(x);
    boolean isPower = exponent <= Double.MAX_EXPONENT && x == Math.scalb(1.0, exponent);
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
    return JsonArray.of(Json.of(Gammas.logarithm(x)), Json.of((long) Gammas.sign(x)));
  }
}
