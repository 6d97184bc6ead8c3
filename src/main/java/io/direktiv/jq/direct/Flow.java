package io.direktiv.jq.direct;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;

/// The parts that say what is evaluated next: `|`, `,`, `if`, `//`, `try`, `label`.
final class Flow {
  private Flow() {}

  /// `f | g`
  static final class Pipe extends Code {
    private final Code left;
    private final Code right;

    Pipe(Code left, Code right) {
      super(left.outputs.or(right.outputs), depth(left, right));
      this.left = left;
      this.right = right;
    }

    private static int depth(Code left, Code right) {
      if (left.isMany()) {
        return 1 + left.depth + SINK + right.depth;
      }
      return 1 + Math.max(left.depth, right.depth);
    }

    @Override
    Code last(Calls.Function self) {
      return isMany() ? this : new Pipe(left, right.last(self));
    }

    @Override
    boolean isPlain() {
      return left.isPlain() && right.isPlain();
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json value = left.eval(run, frame, in);
      return value == null ? null : right.eval(run, frame, value);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!left.isMany()) {
        Json value = left.eval(run, frame, in);
        return value == null || right.each(run, frame, value, out);
      }
      if (right.isMany()) {
        return left.each(run, frame, in, value -> right.each(run, frame, value, out));
      }
      return left.each(
          run,
          frame,
          in,
          value -> {
            Json result = right.eval(run, frame, value);
            return result == null || out.accept(result);
          });
    }
  }

  /// `f, g`
  static final class Comma extends Code {
    private final Code left;
    private final Code right;

    Comma(Code left, Code right) {
      super(Outputs.MANY, 1 + deepestEach(left, right));
      this.left = left;
      this.right = right;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return left.each(run, frame, in, out) && right.each(run, frame, in, out);
    }
  }

  /// `empty`
  static final class Empty extends Code {
    Empty() {
      super(Outputs.OPTIONAL);
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return null;
    }
  }

  /// `if c then f else g end`
  static final class If extends Code {
    private final Code condition;
    private final Code then;
    private final Code otherwise;

    If(Code condition, Code then, Code otherwise) {
      super(
          condition.outputs.or(then.outputs).or(otherwise.outputs),
          depth(condition, then, otherwise));
      this.condition = condition;
      this.then = then;
      this.otherwise = otherwise;
    }

    private static int depth(Code condition, Code then, Code otherwise) {
      if (condition.isMany()) {
        return 1 + condition.depth + SINK + deepestEach(then, otherwise);
      }
      boolean isMany = then.isMany() || otherwise.isMany();
      int branches = isMany ? deepestEach(then, otherwise) : deepest(then, otherwise);
      return 1 + Math.max(condition.depth, branches);
    }

    @Override
    Code last(Calls.Function self) {
      return isMany() ? this : new If(condition, then.last(self), otherwise.last(self));
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json decision = condition.eval(run, frame, in);
      if (decision == null) {
        return null;
      }
      return (Values.isTruthy(decision) ? then : otherwise).eval(run, frame, in);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (condition.isMany()) {
        return condition.each(
            run,
            frame,
            in,
            decision -> (Values.isTruthy(decision) ? then : otherwise).each(run, frame, in, out));
      }
      Json decision = condition.eval(run, frame, in);
      return decision == null
          || (Values.isTruthy(decision) ? then : otherwise).each(run, frame, in, out);
    }
  }

  /// `select(f)`
  static final class Select extends Code {
    private final Code condition;

    Select(Code condition) {
      super(
          condition.isMany() ? Outputs.MANY : Outputs.OPTIONAL,
          1 + condition.depth + (condition.isMany() ? SINK : 0));
      this.condition = condition;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json decision = condition.eval(run, frame, in);
      return decision != null && Values.isTruthy(decision) ? in : null;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!isMany()) {
        return super.each(run, frame, in, out);
      }
      return condition.each(
          run, frame, in, decision -> !Values.isTruthy(decision) || out.accept(in));
    }
  }

  /// `f // g`
  static final class Alternative extends Code {
    private final Code left;
    private final Code right;

    Alternative(Code left, Code right) {
      super(
          left.isMany() ? Outputs.MANY : right.outputs,
          2
              + (left.isMany() || right.isMany()
                  ? Math.max(left.depth + SINK, right.eachDepth())
                  : deepest(left, right)));
      this.left = left;
      this.right = right;
    }

    @Override
    Code last(Calls.Function self) {
      return isMany() ? this : new Alternative(left, right.last(self));
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json first = first(run, frame, in);
      return first != null ? first : right.eval(run, frame, in);
    }

    /// The output of the left part; null when there is none that is true.
    private Json first(Run run, Frame frame, Json in) {
      Json value = left.eval(run, frame, in);
      return value != null && Values.isTruthy(value) ? value : null;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (left.isMany()) {
        return manyLeft(run, frame, in, out);
      }
      Json first = first(run, frame, in);
      return first != null ? out.accept(first) : right.each(run, frame, in, out);
    }

    private boolean manyLeft(Run run, Frame frame, Json in, Sink out) {
      boolean[] isFound = {false};
      boolean goesOn =
          left.each(
              run,
              frame,
              in,
              value -> {
                if (!Values.isTruthy(value)) {
                  return true;
                }
                isFound[0] = true;
                return out.accept(value);
              });
      return goesOn && (isFound[0] || right.each(run, frame, in, out));
    }
  }

  /// Knows which errors come from behind an attempt: those are not its own.
  static final class Guard {
    private QueryException foreign;

    /// Goes on to what comes after the attempt.
    interface Rest {
      boolean run();
    }

    boolean outside(Rest rest) {
      try {
        return rest.run();
      } catch (QueryException e) {
        foreign = e;
        throw e;
      }
    }

    void rethrow(QueryException error) {
      if (error == foreign) {
        throw error;
      }
    }
  }

  /// `try f catch g`, `f?`
  static final class Try extends Code {
    private final Code body;
    private final Code handler;

    Try(Code body, Code handler) {
      super(
          body.isMany() || handler.isMany()
              ? Outputs.MANY
              : body.isOne() && handler.isOne() ? Outputs.ONE : Outputs.OPTIONAL,
          body.isMany() || handler.isMany()
              ? 1 + Math.max(body.eachDepth() + SINK + 1 + SINK, handler.eachDepth())
              : 1 + deepest(body, handler));
      this.body = body;
      this.handler = handler;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      long mark = run.mark();
      Json error;
      try {
        return body.eval(run, frame, in);
      } catch (QueryException e) {
        run.restore(mark);
        error = e.value();
      }
      return handler.eval(run, frame, error);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!isMany()) {
        return super.each(run, frame, in, out);
      }
      Guard guard = new Guard();
      long mark = run.mark();
      Json error;
      try {
        return body.each(run, frame, in, value -> guard.outside(() -> out.accept(value)));
      } catch (QueryException e) {
        guard.rethrow(e);
        run.restore(mark);
        error = e.value();
      }
      return handler.each(run, frame, error, out);
    }
  }

  /// `error`
  static final class Raise extends Code {
    Raise() {
      super(Outputs.ONE);
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      throw Values.error(in);
    }
  }

  /// `label $x | f`
  static final class Label extends Code {
    private final int slot;
    private final Code body;

    Label(int slot, Code body) {
      super(Outputs.MANY, 1 + body.eachDepth());
      this.slot = slot;
      this.body = body;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      Object label = new Object();
      frame.slots[slot] = label;
      long mark = run.mark();
      boolean goesOn;
      try {
        goesOn = body.each(run, frame, in, out);
      } catch (Code.Broken e) {
        if (run.breaking != label) {
          throw e;
        }
        run.restore(mark);
        goesOn = false;
      }
      if (!goesOn && run.breaking == label) {
        run.restore(mark);
        run.breaking = null;
        return true;
      }
      return goesOn;
    }
  }

  /// `break $x`
  static final class Break extends Code {
    private final int up;
    private final int slot;

    Break(int up, int slot) {
      super(Outputs.MANY);
      this.up = up;
      this.slot = slot;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      run.breaking = frame.out(up).slots[slot];
      return false;
    }
  }

  /// Throws when a part that collects was left by a `break`.
  static void ended(boolean goesOn, Run run) {
    if (!goesOn && run.breaking != null) {
      throw Code.Broken.SIGNAL;
    }
  }
}
