package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;

/// The parts that bind variables and go round: `as`, `reduce`, `foreach`, `range`, `limit`,
/// `until`.
final class Loops {
  private Loops() {}

  /// Takes a value apart into variables.
  interface Binder {
    void bind(Run run, Code.Frame frame, Json value);

    /// How many calls deep it goes.
    default int depth() {
      return 1;
    }

    /// One variable for the whole value.
    record Slot(int slot) implements Binder {
      @Override
      public void bind(Run run, Code.Frame frame, Json value) {
        frame.slots[slot] = value;
      }
    }
  }

  /// `f as $x | g`
  static final class Bind extends Code {
    private final Code source;
    private final Binder binder;
    private final Code body;

    Bind(Code source, Binder binder, Code body) {
      super(
          source.outputs.or(body.outputs),
          source.isMany() || body.isMany()
              ? 1 + source.eachDepth() + SINK + Math.max(binder.depth(), body.eachDepth())
              : 1 + Math.max(binder.depth(), deepest(source, body)));
      this.source = source;
      this.binder = binder;
      this.body = body;
    }

    @Override
    Code last(Calls.Function self) {
      return isMany() ? this : new Bind(source, binder, body.last(self));
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json value = source.eval(run, frame, in);
      if (value == null) {
        return null;
      }
      binder.bind(run, frame, value);
      return body.eval(run, frame, in);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!isMany()) {
        return super.each(run, frame, in, out);
      }
      return source.each(
          run,
          frame,
          in,
          value -> {
            binder.bind(run, frame, value);
            return body.each(run, frame, in, out);
          });
    }
  }

  /// The state of a reduction.
  private static final class State {
    Json value;
  }

  /// `reduce f as $x (init; update)`
  static final class Reduce extends Code {
    private final Code source;
    private final Binder binder;
    private final Code initial;
    private final Code update;

    Reduce(Code source, Binder binder, Code initial, Code update) {
      super(initial.outputs, depth(source, binder, initial, update));
      this.source = source;
      this.binder = binder;
      this.initial = initial;
      this.update = update;
    }

    private static int depth(Code source, Binder binder, Code initial, Code update) {
      int next = Math.max(binder.depth(), 1 + update.depth + SINK);
      return 1 + Math.max(initial.depth, source.eachDepth() + SINK + next);
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json first = initial.eval(run, frame, in);
      if (first == null) {
        return null;
      }
      State state = new State();
      state.value = first;
      int at = run.hold(first);
      boolean goesOn =
          source.each(
              run,
              frame,
              in,
              value -> {
                binder.bind(run, frame, value);
                state.value = next(run, frame, state.value);
                run.exchange(at, state.value);
                run.budget.step();
                return run.breaking == null;
              });
      Flow.ended(goesOn, run);
      run.release(at);
      return state.value;
    }

    /// The last output of the update; null, jq's, when it has none.
    private Json next(Run run, Frame frame, Json state) {
      if (!update.isMany()) {
        Json value = update.eval(run, frame, state);
        return value == null ? Json.NULL : value;
      }
      State last = new State();
      last.value = Json.NULL;
      update.each(
          run,
          frame,
          state,
          value -> {
            last.value = value;
            return true;
          });
      return last.value;
    }
  }

  /// `foreach f as $x (init; update; extract)`
  static final class Foreach extends Code {
    private final Code source;
    private final Binder binder;
    private final Code initial;
    private final Code update;
    private final Code extract;

    Foreach(Code source, Binder binder, Code initial, Code update, Code extract) {
      super(Outputs.MANY, depth(source, binder, initial, update, extract));
      this.source = source;
      this.binder = binder;
      this.initial = initial;
      this.update = update;
      this.extract = extract;
    }

    private static int depth(Code source, Binder binder, Code initial, Code update, Code extract) {
      int next = Math.max(binder.depth(), update.eachDepth() + SINK + extract.eachDepth());
      return 1 + Math.max(initial.depth, source.eachDepth() + SINK + next);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      Json first = initial.eval(run, frame, in);
      if (first == null) {
        return true;
      }
      State state = new State();
      state.value = first;
      int at = run.hold(first);
      boolean goesOn =
          source.each(
              run,
              frame,
              in,
              value -> {
                run.budget.step();
                binder.bind(run, frame, value);
                Json before = state.value;
                state.value = Json.NULL;
                return update.each(
                    run,
                    frame,
                    before,
                    next -> {
                      state.value = next;
                      run.exchange(at, next);
                      return extract.each(run, frame, next, out);
                    });
              });
      run.release(at);
      return goesOn;
    }
  }

  /// `range(f; g)`
  static final class Range extends Code {
    private final Code from;
    private final Code to;

    Range(Code from, Code to) {
      super(Outputs.MANY, from, to);
      this.from = from;
      this.to = to;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      Json last = to.eval(run, frame, in);
      Json first = from.eval(run, frame, in);
      if (!(first instanceof JsonNumber start) || !(last instanceof JsonNumber end)) {
        throw Values.failure("Range bounds must be numeric");
      }
      double bound = end.doubleValue();
      for (double at = start.doubleValue(); at < bound; at++) {
        run.budget.step();
        if (!out.accept(JsonNumber.of(at))) {
          return false;
        }
      }
      return true;
    }
  }

  /// `first(f)`
  static final class First extends Code {
    private final Code body;

    First(Code body) {
      super(Outputs.OPTIONAL, 1 + body.depth + SINK);
      this.body = body;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      State found = new State();
      long mark = run.mark();
      boolean goesOn =
          body.each(
              run,
              frame,
              in,
              value -> {
                found.value = value;
                return false;
              });
      if (!goesOn) {
        Flow.ended(false, run);
        run.restore(mark);
      }
      return found.value;
    }
  }

  /// `last(f)`
  static final class Last extends Code {
    private final Code body;

    Last(Code body) {
      super(Outputs.OPTIONAL, 1 + body.depth + SINK);
      this.body = body;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      State found = new State();
      boolean goesOn =
          body.each(
              run,
              frame,
              in,
              value -> {
                found.value = value;
                return true;
              });
      Flow.ended(goesOn, run);
      return found.value;
    }
  }

  /// `limit($n; f)` with the first argument bound already.
  static final class Limit extends Code {
    private final Code count;
    private final Code body;

    Limit(Code count, Code body) {
      super(Outputs.MANY, 1 + Math.max(count.depth, body.eachDepth() + SINK));
      this.count = count;
      this.body = body;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!(count.eval(run, frame, in) instanceof JsonNumber number)) {
        throw GivenUp.SIGNAL;
      }
      double wanted = number.doubleValue();
      if (!(wanted > 0)) {
        if (wanted == 0) {
          return true;
        }
        throw GivenUp.SIGNAL;
      }
      double[] taken = {0};
      boolean[] isDone = {false};
      long mark = run.mark();
      boolean goesOn =
          body.each(
              run,
              frame,
              in,
              value -> {
                taken[0]++;
                if (!out.accept(value)) {
                  return false;
                }
                isDone[0] = taken[0] >= wanted;
                return !isDone[0];
              });
      if (isDone[0]) {
        run.restore(mark);
        return true;
      }
      return goesOn;
    }
  }

  /// `until(f; g)` with one output each.
  static final class Until extends Code {
    private final Code condition;
    private final Code update;

    Until(Code condition, Code update) {
      super(condition.outputs.or(update.outputs), condition, update);
      this.condition = condition;
      this.update = update;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      int at = run.hold(in);
      Json value = in;
      while (value != null) {
        Json decision = condition.eval(run, frame, value);
        if (decision == null) {
          value = null;
        } else if (Values.isTruthy(decision)) {
          break;
        } else {
          value = update.eval(run, frame, value);
          run.exchange(at, value);
        }
        run.budget.step();
      }
      run.release(at);
      return value;
    }
  }

  /// `while(f; g)` with one output each.
  static final class While extends Code {
    private final Code condition;
    private final Code update;

    While(Code condition, Code update) {
      super(Outputs.MANY, condition, update);
      this.condition = condition;
      this.update = update;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      int at = run.hold(in);
      Json value = in;
      while (value != null) {
        run.budget.step();
        Json decision = condition.eval(run, frame, value);
        if (decision == null || !Values.isTruthy(decision)) {
          break;
        }
        if (!out.accept(value)) {
          return false;
        }
        value = update.eval(run, frame, value);
        run.exchange(at, value);
      }
      run.release(at);
      return true;
    }
  }

  /// `repeat(f)`
  static final class Repeat extends Code {
    private final Code body;

    Repeat(Code body) {
      super(Outputs.MANY, 1 + body.eachDepth());
      this.body = body;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      while (body.each(run, frame, in, out)) {
        run.budget.step();
      }
      return false;
    }
  }
}
