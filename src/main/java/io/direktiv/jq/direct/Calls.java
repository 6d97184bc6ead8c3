package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Natives;
import io.direktiv.json.Json;

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
    private static final int OWN_DEPTH = 3;

    private final Function function;
    private final int up;
    private final Code[] arguments;

    /// @param up how many frames out the frame is that the function's frames hang on
    Call(Function function, int up, Code[] arguments) {
      super(function.outputs, arguments);
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
    Json eval(Run run, Frame frame, Json in) {
      int calls = function.body.depth + OWN_DEPTH;
      run.enter(calls);
      Frame inner = open(run, frame, in);
      int at = run.hold(inner);
      run.hold(in);
      Json value = function.body.eval(run, inner, in);
      run.release(at);
      run.leave(calls);
      return value;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      int calls = function.body.depth + OWN_DEPTH;
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
