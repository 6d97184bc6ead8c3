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

  /// The calls between a part that gives outputs and one that takes them.
  private static final int SINK_DEPTH = 3;

  final Outputs outputs;

  /// How deep the host's stack gets, about, in calls.
  final int depth;

  Code(Outputs outputs, Code... parts) {
    this(outputs, outputs == Outputs.MANY ? stacked(parts) : deepest(parts) + 1);
  }

  Code(Outputs outputs, int depth) {
    this.outputs = outputs;
    this.depth = depth;
  }

  private static int deepest(Code... parts) {
    int deepest = 0;
    for (Code part : parts) {
      deepest = Math.max(deepest, part.depth);
    }
    return deepest;
  }

  /// The depth of parts of which one runs while another gives it its outputs.
  static int stacked(Code... parts) {
    int sum = SINK_DEPTH;
    for (Code part : parts) {
      sum += part.depth;
    }
    return sum;
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
