package io.direktiv.jq.direct;

import io.direktiv.json.Json;

/// A part of a query that can be evaluated. Immutable and shared by all evaluations.
///
/// Most parts of most queries have exactly one output, so they are plain methods from a value to a
/// value: nothing is put on a list, nothing can be come back to. A part with any number of outputs
/// gives each to a [Sink], which may say that it has enough. The host's stack is as deep as the
/// query is nested, which the translator bounds, and as its functions call each other, which
/// [Run#enter] bounds; nothing recurs over data without it.
abstract class Code {
  /// How many outputs a part has.
  enum Outputs {
    ONE,
    /// None or one.
    OPTIONAL,
    MANY;

    Outputs or(Outputs other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  /// Takes outputs.
  interface Sink {
    /// Takes `value`; false when no more are wanted.
    boolean accept(Json value);
  }

  /// The calls of a sink that is a lambda: its method, and the lambda's text.
  static final int SINK = 2;

  final Outputs outputs;

  /// How many calls deep the host's stack gets below whoever calls this, at most: down to where
  /// this calls a [Sink] that it was given, or to the deepest call of a part. What builtins and
  /// values call stands in [Run]. `DepthTest` compares it with the host's stack.
  final int depth;

  /// A part that calls its parts one after the other, each from its own method.
  Code(Outputs outputs, Code... parts) {
    this(outputs, 1 + deepest(parts));
  }

  Code(Outputs outputs, int depth) {
    this.outputs = outputs;
    this.depth = depth;
  }

  static int deepest(Code... parts) {
    int deepest = 0;
    for (Code part : parts) {
      deepest = Math.max(deepest, part.depth);
    }
    return deepest;
  }

  /// The [#depth] of [#each], which goes through [#eval] where there are not many outputs.
  final int eachDepth() {
    return isMany() ? depth : depth + 2;
  }

  /// The same for the deepest of `parts`.
  static int deepestEach(Code... parts) {
    int deepest = 0;
    for (Code part : parts) {
      deepest = Math.max(deepest, part.eachDepth());
    }
    return deepest;
  }

  /// The output over `in`; null when there is none. Only where there are not [Outputs#MANY].
  Json eval(Run run, Frame frame, Json in) {
    throw new IllegalStateException("a part with many outputs: " + getClass());
  }

  /// Gives every output over `in` to `out`; false when it has had enough.
  boolean each(Run run, Frame frame, Json in, Sink out) {
    Json value = eval(run, frame, in);
    return value == null || out.accept(value);
  }

  /// This as the last thing that `self` does: a call of `self` there ends the present one first.
  Code last(Calls.Function self) {
    return this;
  }

  /// True when this takes what is there and makes nothing, so that it needs neither budget nor
  /// frame.
  boolean isPlain() {
    return false;
  }

  final boolean isMany() {
    return outputs == Outputs.MANY;
  }

  final boolean isOne() {
    return outputs == Outputs.ONE;
  }

  /// The variables of one call of a function.
  static final class Frame {
    final Frame parent;
    final Object[] slots;

    Frame(Frame parent, int size) {
      this.parent = parent;
      this.slots = new Object[size];
    }

    /// The frame `up` functions out.
    Frame out(int up) {
      Frame found = this;
      for (int i = 0; i < up; i++) {
        found = found.parent;
      }
      return found;
    }
  }

  /// Gives an evaluation up: the machine does it.
  static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final GivenUp SIGNAL = new GivenUp();

    private GivenUp() {
      super(null, null, false, false);
    }
  }

  /// A `break` that leaves a part that collects.
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final Broken SIGNAL = new Broken();

    private Broken() {
      super(null, null, false, false);
    }
  }
}
