package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Order;
import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;

/// The parts that compute with two values or decide.
final class Operators {
  private Operators() {}

  /// Each output of one part is there while those of the other are made.
  private static int depth(Code one, Code other) {
    return one.isMany() || other.isMany()
        ? 1 + one.eachDepth() + Code.SINK + other.eachDepth() + Code.SINK
        : 1 + Math.max(one.depth, other.depth);
  }

  /// Computes with two values.
  interface Operator {
    Json apply(Json left, Json right, Run run);
  }

  /// An operator with two parts; the right one is evaluated first.
  static final class Binary extends Code {
    private final Code left;
    private final Code right;
    private final Operator operator;
    private final boolean isHeld;

    Binary(Code left, Code right, Operator operator) {
      super(left.outputs.or(right.outputs), depth(left, right));
      this.left = left;
      this.right = right;
      this.operator = operator;
      this.isHeld = left.depth > 2 && !(right instanceof Access.Constant);
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json second = right.eval(run, frame, in);
      if (second == null) {
        return null;
      }
      Json first;
      if (isHeld) {
        int at = run.hold(second);
        first = left.eval(run, frame, in);
        run.release(at);
      } else {
        first = left.eval(run, frame, in);
      }
      return first == null ? null : operator.apply(first, second, run);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!isMany()) {
        return super.each(run, frame, in, out);
      }
      return right.each(
          run,
          frame,
          in,
          second ->
              left.each(run, frame, in, first -> out.accept(operator.apply(first, second, run))));
    }
  }

  /// The operator called `name`, with the usual case of two numbers first.
  static Operator of(String name) {
    return switch (name) {
      case "+" -> Operators::add;
      case "-" -> {
        Values.Operator plain = Values.operator(name);
        yield (a, b, run) ->
            a instanceof JsonNumber x && b instanceof JsonNumber y
                ? JsonNumber.of(x.doubleValue() - y.doubleValue())
                : plain.apply(a, b, run.budget);
      }
      case "*" -> {
        Values.Operator plain = Values.operator(name);
        yield (a, b, run) ->
            a instanceof JsonNumber x && b instanceof JsonNumber y
                ? JsonNumber.of(x.doubleValue() * y.doubleValue())
                : plain.apply(a, b, run.budget);
      }
      case "==" -> (a, b, run) -> Json.of(isEqual(a, b, run));
      case "!=" -> (a, b, run) -> Json.of(!isEqual(a, b, run));
      case "<" -> (a, b, run) -> Json.of(compare(a, b, run) < 0);
      case "<=" -> (a, b, run) -> Json.of(compare(a, b, run) <= 0);
      case ">" -> (a, b, run) -> Json.of(compare(a, b, run) > 0);
      case ">=" -> (a, b, run) -> Json.of(compare(a, b, run) >= 0);
      default -> {
        Values.Operator plain = Values.operator(name);
        yield (a, b, run) -> plain.apply(a, b, run.budget);
      }
    };
  }

  static Json add(Json a, Json b, Run run) {
    return a instanceof JsonNumber x && b instanceof JsonNumber y
        ? JsonNumber.of(x.doubleValue() + y.doubleValue())
        : Values.add(a, b, run.budget);
  }

  private static boolean isEqual(Json a, Json b, Run run) {
    return a instanceof JsonString x && b instanceof JsonString y
        ? x.value().equals(y.value())
        : Order.isEqual(a, b, run.budget);
  }

  private static int compare(Json a, Json b, Run run) {
    if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
      double left = x.doubleValue();
      double right = y.doubleValue();
      if (left < right) {
        return -1;
      }
      if (left > right) {
        return 1;
      }
    }
    return Order.compare(a, b, run.budget);
  }

  /// `-f`
  static final class Negate extends Access.OfOne {
    Negate(Code target) {
      super(target);
    }

    @Override
    Json apply(Run run, Json value) {
      return Values.negate(value);
    }
  }

  /// `f and g`, `f or g`; the second is evaluated when the first has not `decided`.
  static final class Logic extends Code {
    private final Code left;
    private final Code right;
    private final boolean decided;

    Logic(Code left, Code right, boolean decided) {
      super(left.outputs.or(right.outputs), depth(left, right));
      this.left = left;
      this.right = right;
      this.decided = decided;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json first = left.eval(run, frame, in);
      if (first == null || Values.isTruthy(first) == decided) {
        return first == null ? null : Json.of(decided);
      }
      Json second = right.eval(run, frame, in);
      return second == null ? null : Json.of(Values.isTruthy(second));
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!isMany()) {
        return super.each(run, frame, in, out);
      }
      return left.each(
          run,
          frame,
          in,
          first ->
              Values.isTruthy(first) == decided
                  ? out.accept(Json.of(decided))
                  : right.each(
                      run, frame, in, second -> out.accept(Json.of(Values.isTruthy(second)))));
    }
  }
}
