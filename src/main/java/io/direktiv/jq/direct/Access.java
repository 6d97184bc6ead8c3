package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;

/// The parts that get at values: `.`, constants, variables, `.a`, `.[k]`, `.[a:b]`, `.[]`.
final class Access {
  private Access() {}

  /// `.`
  static final class Identity extends Code {
    Identity() {
      super(Outputs.ONE);
    }

    @Override
    boolean isPlain() {
      return true;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return in;
    }
  }

  /// A constant.
  static final class Constant extends Code {
    final Json value;

    Constant(Json value) {
      super(Outputs.ONE);
      this.value = value;
    }

    @Override
    boolean isPlain() {
      return true;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return value;
    }
  }

  /// `$x`
  static final class Variable extends Code {
    private final int up;
    private final int slot;

    Variable(int up, int slot) {
      super(Outputs.ONE);
      this.up = up;
      this.slot = slot;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return (Json) (up == 0 ? frame : frame.out(up)).slots[slot];
    }
  }

  /// What is done with each output of another part.
  abstract static class OfOne extends Code {
    final Code target;

    OfOne(Code target) {
      super(target.outputs, 1 + SINK + target.depth);
      this.target = target;
    }

    abstract Json apply(Run run, Json value);

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json value = target.eval(run, frame, in);
      return value == null ? null : apply(run, value);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return isMany()
          ? target.each(run, frame, in, value -> out.accept(apply(run, value)))
          : super.each(run, frame, in, out);
    }
  }

  /// `.name`
  static final class Field extends OfOne {
    private final JsonString key;
    private final String name;

    Field(Code target, JsonString key) {
      super(target);
      this.key = key;
      this.name = key.value();
    }

    @Override
    boolean isPlain() {
      return target.isPlain();
    }

    @Override
    Json apply(Run run, Json value) {
      if (value instanceof JsonObject object) {
        Json found = object.get(name);
        return found == null ? Json.NULL : found;
      }
      return Values.index(value, key, run.budget);
    }
  }

  /// `.[k]` with a constant key.
  static final class Element extends OfOne {
    private final Json key;

    /// The key when it is a whole number from 0 on, else -1.
    private final int index;

    Element(Code target, Json key) {
      super(target);
      this.key = key;
      boolean isIndex = key instanceof JsonNumber number && number.doubleValue() >= 0;
      this.index = isIndex ? (int) ((JsonNumber) key).doubleValue() : -1;
    }

    @Override
    boolean isPlain() {
      return target.isPlain() && key instanceof JsonNumber;
    }

    @Override
    Json apply(Run run, Json value) {
      if (index >= 0 && value instanceof JsonArray array) {
        return index < array.size() ? array.get(index) : Json.NULL;
      }
      return Values.index(value, key, run.budget);
    }
  }

  /// `.[f]`
  static Code index(Code target, Code key) {
    return new Operators.Binary(
        target, key, (value, at, run) -> Values.index(value, at, run.budget));
  }

  /// `.[f:g]`
  static final class Slice extends Code {
    private final Code target;
    private final Code from;
    private final Code to;

    Slice(Code target, Code from, Code to) {
      super(Outputs.ONE, target, from, to);
      this.target = target;
      this.from = from;
      this.to = to;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json end = to.eval(run, frame, in);
      Json start = from.eval(run, frame, in);
      return Values.slice(target.eval(run, frame, in), start, end, run.budget);
    }
  }

  /// `.[]`
  static final class Iterate extends Code {
    final Code target;

    Iterate(Code target) {
      super(Outputs.MANY, 2 + SINK + target.depth);
      this.target = target;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (target.isMany()) {
        return target.each(run, frame, in, value -> all(run, value, out));
      }
      Json value = target.eval(run, frame, in);
      return value == null || all(run, value, out);
    }

    static boolean all(Run run, Json value, Sink out) {
      if (value instanceof JsonArray array) {
        int size = array.size();
        for (int i = 0; i < size; i++) {
          run.budget.step();
          if (!out.accept(array.get(i))) {
            return false;
          }
        }
        return true;
      }
      if (value instanceof JsonObject object) {
        int size = object.size();
        for (int i = 0; i < size; i++) {
          run.budget.step();
          if (!out.accept(object.valueAt(i))) {
            return false;
          }
        }
        return true;
      }
      throw Values.cannotIterate(value);
    }
  }

  /// `.a.b?`: nothing where there is no such member, without an error being made for it.
  static final class Soft extends Code {
    private final String[] names;

    Soft(String[] names) {
      super(Outputs.OPTIONAL);
      this.names = names;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json value = in;
      for (String name : names) {
        if (value instanceof JsonObject object) {
          Json found = object.get(name);
          value = found == null ? Json.NULL : found;
        } else if (value != Json.NULL) {
          return null;
        }
      }
      return value;
    }
  }

  /// `.[]?`, the same.
  static final class SoftIterate extends Code {
    SoftIterate() {
      super(Outputs.MANY, 2);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return !(in instanceof JsonArray || in instanceof JsonObject) || Iterate.all(run, in, out);
    }
  }
}
