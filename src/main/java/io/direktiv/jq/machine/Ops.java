package io.direktiv.jq.machine;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.machine.Machine.Frame;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The operations that the compiler puts together.
final class Ops {
  private Ops() {}

  /// The elements of an array that is being collected.
  static final class Collector {
    final List<Json> elements = new ArrayList<>();

    void add(Json element, Budget budget) {
      budget.size(16L * elements.size());
      budget.made(16);
      elements.add(element);
    }

    JsonArray toJson() {
      return JsonArray.of(elements);
    }
  }

  /// The elements of `container` that are still to come, with their keys when paths are kept.
  static final class Cursor {
    final Json container;
    private final Iterator<Json> elements;
    private final Iterator<String> keys;
    private long index;

    Cursor(Json container, boolean isPath) {
      this.container = container;
      this.elements = Values.elements(container);
      this.keys =
          isPath && container instanceof JsonObject object ? object.keys().iterator() : null;
    }

    boolean hasNext() {
      return elements.hasNext();
    }

    Json next() {
      return elements.next();
    }

    Json nextKey() {
      return keys != null ? Json.of(keys.next()) : Json.of(index++);
    }
  }

  /// Whether an alternative has had an output.
  static final class Flag {
    boolean isSet;
  }

  /// Makes the closure of an argument in the frame of the caller.
  interface Argument {
    Scope.Closure close(Frame frame);
  }

  static Op either(Op first, Op second) {
    return m -> {
      m.fork(second);
      return first;
    };
  }

  /// Puts the value and its place aside.
  static Op aside(Op next) {
    return m -> {
      m.save();
      return next;
    };
  }

  /// Exchanges the value with the one put aside, whose place it takes back.
  static Op exchange(Op next) {
    return m -> {
      Json result = m.value;
      Machine.Cons saved = m.stack;
      m.value = (Json) saved.value();
      m.path = saved.path();
      m.stack = new Machine.Cons(result, null, saved.rest());
      return next;
    };
  }

  /// Takes back the value and the place that were put aside.
  static Op back(Op next) {
    return m -> {
      restoreInput(m);
      return next;
    };
  }

  static void restoreInput(Machine m) {
    m.value = (Json) m.stack.value();
    m.path = m.stack.path();
    m.stack = m.stack.rest();
  }

  /// Makes the value the second one of the stack: the input of an object under construction.
  static Op input(Op next) {
    return m -> {
      m.value = (Json) m.stack.rest().value();
      return next;
    };
  }

  /// Takes the state of a reduction out of its slot, which is null until it is put back.
  static Op takeState(int slot, Op next) {
    return m -> {
      Machine.Cons state = (Machine.Cons) m.frame.slots[slot];
      m.frame.slots[slot] = new Machine.Cons(Json.NULL, Path.NONE, null);
      m.value = (Json) state.value();
      m.path = state.path();
      return next;
    };
  }

  /// Puts the state of a reduction back into its slot; without `next` the machine goes back.
  static Op keepState(int slot, Op next) {
    return m -> {
      m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
      return next;
    };
  }

  static Op literal(Json value, Op next) {
    return m -> {
      m.value = value;
      return next;
    };
  }

  /// The literal null, whose place in a null is the place of that null.
  static Op nullPath(Op next) {
    return m -> {
      m.path = m.value == Json.NULL ? m.path : Path.NONE;
      m.value = Json.NULL;
      return next;
    };
  }

  /// Goes one of two ways with the value that was put aside.
  static Op choose(Op then, Op otherwise) {
    return m -> {
      boolean isTruthy = Values.isTruthy(m.value);
      restoreInput(m);
      return isTruthy ? then : otherwise;
    };
  }

  static Op nowhere(Op next) {
    return m -> {
      m.path = Path.NONE;
      return next;
    };
  }

  static Op field(JsonString name, Op next, int at) {
    String key = name.value();
    return m -> {
      if (m.value instanceof JsonObject object) {
        Json found = object.get(key);
        m.value = found == null ? Json.NULL : found;
        return next;
      }
      m.value = index(m, name, at);
      return next;
    };
  }

  static Op constant(Json key, Op next, int at) {
    return m -> {
      m.value = index(m, key, at);
      return next;
    };
  }

  static Op index(Op next, int at) {
    return m -> {
      Json key = (Json) m.pop();
      m.value = index(m, key, at);
      return next;
    };
  }

  /// The element of the value; an error says that it happened at `at`.
  private static Json index(Machine m, Json key, int at) {
    try {
      return Values.index(m.value, key, m.budget);
    } catch (QueryException e) {
      throw e.at(at);
    }
  }

  static Op slice(Op next, int at) {
    return m -> {
      Json to = (Json) m.pop();
      Json from = (Json) m.pop();
      try {
        m.value = Values.slice(m.value, from, to, m.budget);
      } catch (QueryException e) {
        throw e.at(at);
      }
      return next;
    };
  }

  static Op operator(Values.Operator operator, Json right, Op next, int at) {
    return m -> {
      try {
        m.value = operator.apply(m.value, right, m.budget);
      } catch (QueryException e) {
        throw e.at(at);
      }
      return next;
    };
  }

  static Op operator(Values.Operator operator, Op next, int at) {
    return m -> {
      Json right = (Json) m.pop();
      try {
        m.value = operator.apply(m.value, right, m.budget);
      } catch (QueryException e) {
        throw e.at(at);
      }
      return next;
    };
  }

  static Op negate(Op next, int at) {
    return m -> {
      try {
        m.value = Values.negate(m.value);
      } catch (QueryException e) {
        throw e.at(at);
      }
      return next;
    };
  }

  static void key(Json key, int at) {
    try {
      Values.key(key);
    } catch (QueryException e) {
      throw e.at(at);
    }
  }

  /// Refuses to go on from a value that stands nowhere in the input.
  static void place(Machine m, String what, int at) {
    if (m.path.length() < 0) {
      throw Values.failure("Invalid path expression " + what + " " + Values.shorten(m.value))
          .at(at);
    }
  }

  private static String access(Json key) {
    return "near attempt to access element " + Values.shorten(key) + " of";
  }

  static Op indexPath(Op next, int at) {
    return m -> {
      Json key = (Json) m.pop();
      if (m.path.length() < 0) {
        place(m, access(key), at);
      }
      m.value = index(m, key, at);
      m.path = m.path.plus(key);
      return next;
    };
  }

  static Op slicePath(Op next, int at) {
    return m -> {
      Json to = (Json) m.pop();
      Json from = (Json) m.pop();
      JsonObject key = JsonObject.builder().put("start", from).put("end", to).build();
      if (m.path.length() < 0) {
        place(m, access(key), at);
      }
      try {
        m.value = Values.slice(m.value, from, to, m.budget);
      } catch (QueryException e) {
        throw e.at(at);
      }
      m.path = m.path.plus(key);
      return next;
    };
  }

  /// The elements of a value, one for each time the machine comes back.
  static Op iterate(Op next, int at) {
    Op resume =
        new Op() {
          @Override
          public Op run(Machine m) {
            Cursor rest = (Cursor) m.extra;
            Json element = rest.next();
            if (rest.hasNext()) {
              m.fork(this, rest);
            }
            m.value = element;
            return next;
          }
        };
    return m -> {
      Cursor all = cursor(m.value, false, at);
      m.extra = all;
      return all.hasNext() ? resume.run(m) : null;
    };
  }

  private static Cursor cursor(Json value, boolean isPath, int at) {
    try {
      return new Cursor(value, isPath);
    } catch (QueryException e) {
      throw e.at(at);
    }
  }

  static Op iteratePath(Op next, int at) {
    Op resume =
        new Op() {
          @Override
          public Op run(Machine m) {
            Cursor rest = (Cursor) m.extra;
            Json element = rest.next();
            Json key = rest.nextKey();
            if (rest.hasNext()) {
              m.fork(this, rest);
            }
            m.value = element;
            m.path = m.path.plus(key);
            return next;
          }
        };
    return m -> {
      place(m, "near attempt to iterate through", at);
      Cursor all = cursor(m.value, true, at);
      m.extra = all;
      return all.hasNext() ? resume.run(m) : null;
    };
  }
}
