package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Natives;
import io.direktiv.json.Json;
import io.direktiv.json.JsonString;

/// The calls of functions that could not be put in their place: recursive ones, and builtins.
final class Calls {
  private Calls() {}

  /// A recursive function in the making, then made.
  static final class Function {
    final int level;
    Code.Outputs outputs = Code.Outputs.ONE;
    Code body;
    int size;

    Function(int level) {
      this.level = level;
    }
  }

  /// The call of a recursive function.
  static final class Call extends Code {
    private final Function function;
    private final int up;
    private final Code[] arguments;

    /// @param up how many frames out the frame is that the function's frames hang on
    Call(Function function, int up, Code[] arguments) {
      super(function.outputs, 2 + deepest(arguments));
      this.function = function;
      this.up = up;
      this.arguments = arguments;
    }

    private Frame open(Run run, Frame frame, Json in) {
      Frame inner = new Frame(frame.out(up), function.size);
      for (int i = 0; i < arguments.length; i++) {
        inner.slots[i] = arguments[i].eval(run, frame, in);
      }
      return inner;
    }

    @Override
    Code last(Function self) {
      return function == self && !isMany() ? new LastCall(self, this) : this;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      int calls = function.body.eachDepth();
      run.enter(calls);
      Frame inner = open(run, frame, in);
      int at = run.hold(inner);
      run.hold(in);
      Json value = function.body.eval(run, inner, in);
      while (value == LastCall.AGAIN) {
        run.budget.step();
        run.exchange(at, run.again);
        run.exchange(at + 1, run.againOver);
        value = function.body.eval(run, run.again, run.againOver);
      }
      run.release(at);
      run.leave(calls);
      return value;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!isMany()) {
        return super.each(run, frame, in, out);
      }
      int calls = function.body.eachDepth();
      run.enter(calls);
      Frame inner = open(run, frame, in);
      int at = run.hold(inner);
      run.hold(in);
      boolean goesOn = function.body.each(run, inner, in, out);
      run.release(at);
      run.leave(calls);
      return goesOn;
    }
  }

  /// A call of a function by itself, as the last thing it does: [Call] goes round instead of
  /// deeper.
  static final class LastCall extends Code {
    static final Json AGAIN = new JsonString("");

    private final Call call;

    LastCall(Function function, Call call) {
      super(function.outputs, 2 + deepest(call.arguments));
      this.call = call;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      run.again = call.open(run, frame, in);
      run.againOver = in;
      return AGAIN;
    }
  }

  /// The call of a builtin that needs only the values of its arguments, the last one first.
  static final class Native extends Code {
    private final Natives.Function function;
    private final Code[] arguments;

    Native(Natives.Function function, Code[] arguments, Outputs outputs) {
      super(outputs, arguments);
      this.function = function;
      this.arguments = arguments;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      run.budget.step();
      if (arguments.length == 0) {
        return function.apply(in, Natives.NO_ARGUMENTS, run.budget);
      }
      Json[] values = new Json[arguments.length];
      for (int i = arguments.length - 1; i >= 0; i--) {
        values[i] = arguments[i].eval(run, frame, in);
        if (values[i] == null) {
          return null;
        }
      }
      return function.apply(in, values, run.budget);
    }
  }
}
