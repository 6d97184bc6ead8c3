package io.direktiv.jq.direct;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.builtins.Paths;
import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/// A part that says where values stand: what `path(f)` looks at and what stands left of `|=`.
///
/// There are two ways to use one. [#walk] names every place. [#update] changes every place while it
/// goes there, without naming any, and is only right where no place is visited twice or lies in
/// another ([#isDisjoint]). Where jq raises an error or does something rare the machine takes over,
/// so that it is raised in jq's words.
abstract class Place extends Code {
  /// Takes a value and where it stands.
  interface Visitor {
    /// Takes a place; false when no more are wanted.
    boolean visit(Json value, Trail at);
  }

  /// Changes a value.
  interface Change {
    /// What stands there instead of `value`; null for nothing.
    Json apply(Json value);
  }

  /// What an update says when there was no place: nothing is changed or made for it.
  static final Json SAME = new JsonString("");

  final boolean isDisjoint;

  Place(boolean isDisjoint, int depth) {
    super(Outputs.MANY, depth);
    this.isDisjoint = isDisjoint;
  }

  abstract boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor);

  /// `in` with every place changed; null when nothing stays, [#SAME] when there is no place.
  Json update(Run run, Frame frame, Json in, Change change) {
    throw GivenUp.SIGNAL;
  }

  /// The members that all places lie in, when nothing has to be evaluated to know; else empty.
  Set<String> members() {
    return Set.of();
  }

  /// `.`
  static final class Here extends Place {
    Here() {
      super(true, 1);
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      return visitor.visit(in, at);
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      return change.apply(in);
    }
  }

  /// `empty`
  static final class Nowhere extends Place {
    Nowhere() {
      super(true, 1);
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      return true;
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      return SAME;
    }
  }

  /// `p[k]`; the key is evaluated over what `p` is over.
  static final class At extends Place {
    private final Place target;
    private final Code key;
    private final boolean isSoft;

    /// @param isSoft that a value which has no such place has none, as in `.a?`
    At(Place target, Code key, boolean isSoft) {
      super(target.isDisjoint, 3 + SINK + Math.max(target.depth, key.depth));
      this.target = target;
      this.key = key;
      this.isSoft = isSoft;
    }

    @Override
    Set<String> members() {
      if (!(key instanceof Access.Constant constant)) {
        return Set.of();
      }
      boolean isName = target instanceof Here && constant.value instanceof JsonString;
      return isName ? Set.of(((JsonString) constant.value).value()) : target.members();
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      Json step = key.eval(run, frame, in);
      if (step == null) {
        return true;
      }
      return target.walk(
          run,
          frame,
          in,
          at,
          (value, place) -> {
            Json found;
            try {
              found = Values.index(value, step, run.budget);
            } catch (QueryException e) {
              if (isSoft) {
                return true;
              }
              throw e;
            }
            return visitor.visit(found, place.plus(step));
          });
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      Json step = key.eval(run, frame, in);
      if (step == null) {
        return SAME;
      }
      return target.update(run, frame, in, value -> step(run, value, step, change));
    }

    private Json step(Run run, Json value, Json step, Change change) {
      if (step instanceof JsonString(String name)) {
        if (value instanceof JsonObject object) {
          return member(run, object, name, change);
        }
        if (value == Json.NULL) {
          Json made = change.apply(Json.NULL);
          return made == null || made == SAME ? SAME : JsonObject.of(name, made);
        }
      } else if (step instanceof JsonNumber index
          && value instanceof JsonArray array
          && index.doubleValue() >= 0
          && index.doubleValue() < array.size()) {
        return element(run, array, (int) index.doubleValue(), change);
      } else if (step instanceof JsonNumber && (value instanceof JsonArray || value == Json.NULL)) {
        Json made = change.apply(Values.index(value, step, run.budget));
        if (made == SAME) {
          return SAME;
        }
        if (made != null) {
          return Paths.put(value, step, made, run.budget);
        }
        throw GivenUp.SIGNAL;
      }
      if (isSoft && isNowhere(run, value, step)) {
        return SAME;
      }
      throw GivenUp.SIGNAL;
    }

    private static boolean isNowhere(Run run, Json value, Json step) {
      try {
        Values.index(value, step, run.budget);
        return false;
      } catch (QueryException _) {
        return true;
      }
    }

    private static Json member(Run run, JsonObject object, String name, Change change) {
      Json before = object.get(name);
      Json after = change.apply(before == null ? Json.NULL : before);
      if (after == SAME || before == null && after == null) {
        return SAME;
      }
      if (after == null) {
        run.budget.made(48L * object.size());
        return object.without(name);
      }
      run.budget.size(48L * object.size() + 48);
      run.budget.made(48L * object.copied() + 48);
      run.budget.step();
      return before == after ? object : object.with(name, after);
    }

    private static Json element(Run run, JsonArray array, int index, Change change) {
      Json before = array.get(index);
      Json after = change.apply(before);
      if (after == SAME) {
        return SAME;
      }
      run.budget.step();
      run.budget.work(array.copied() >> 6);
      run.budget.made(8L * array.copied() + 48);
      if (after == null) {
        run.budget.made(16L * array.size());
        return array.slice(0, index).plusAll(array.slice(index + 1, array.size()));
      }
      return before == after ? array : array.with(index, after);
    }
  }

  /// `p[]`
  static final class All extends Place {
    private final Place target;
    private final boolean isSoft;

    All(Place target, boolean isSoft) {
      super(target.isDisjoint, 3 + SINK + target.depth);
      this.target = target;
      this.isSoft = isSoft;
    }

    @Override
    Set<String> members() {
      return target.members();
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      return target.walk(
          run,
          frame,
          in,
          at,
          (value, place) -> {
            if (isSoft && !(value instanceof JsonArray || value instanceof JsonObject)) {
              return true;
            }
            return parts(run, value, place, visitor);
          });
    }

    static boolean parts(Run run, Json value, Trail place, Visitor visitor) {
      int size = size(value);
      for (int i = 0; i < size; i++) {
        run.budget.step();
        boolean goesOn =
            value instanceof JsonArray array
                ? visitor.visit(array.get(i), place.plus(Json.of((long) i)))
                : member((JsonObject) value, i, place, visitor);
        if (!goesOn) {
          return false;
        }
      }
      return true;
    }

    private static boolean member(JsonObject object, int i, Trail place, Visitor visitor) {
      return visitor.visit(object.valueAt(i), place.plus(Json.of(object.keyAt(i))));
    }

    static int size(Json value) {
      return switch (value) {
        case JsonArray array -> array.size();
        case JsonObject object -> object.size();
        default -> throw Values.cannotIterate(value);
      };
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      return target.update(
          run,
          frame,
          in,
          value -> {
            if (value instanceof JsonArray || value instanceof JsonObject) {
              return parts(run, value, change);
            }
            if (isSoft) {
              return SAME;
            }
            throw GivenUp.SIGNAL;
          });
    }

    /// `value` with each of its parts changed; itself when none is.
    static Json parts(Run run, Json value, Change change) {
      return value instanceof JsonArray array
          ? elements(run, array, change)
          : members(run, (JsonObject) value, change);
    }

    private static Json elements(Run run, JsonArray array, Change change) {
      int size = array.size();
      Json[] changed = new Json[size];
      run.budget.build(16L * size + 16);
      int kept = 0;
      boolean isSame = true;
      for (int i = 0; i < size; i++) {
        run.budget.step();
        Json before = array.get(i);
        Json after = change.apply(before);
        after = after == SAME ? before : after;
        if (after != null) {
          changed[kept++] = after;
        }
        isSame &= before == after;
      }
      return isSame ? array : JsonArray.taking(changed, kept);
    }

    private static Json members(Run run, JsonObject object, Change change) {
      int size = object.size();
      Json[] changed = new Json[size];
      run.budget.build(16L * size + 16);
      boolean isSame = true;
      boolean isWhole = true;
      for (int i = 0; i < size; i++) {
        run.budget.step();
        Json before = object.valueAt(i);
        Json after = change.apply(before);
        changed[i] = after == SAME ? before : after;
        isSame &= before == changed[i];
        isWhole &= changed[i] != null;
      }
      if (isSame) {
        return object;
      }
      return isWhole ? object.withValues(changed) : without(object, changed);
    }

    private static Json without(JsonObject object, Json[] changed) {
      JsonObject.Builder builder = JsonObject.builder();
      for (int i = 0; i < changed.length; i++) {
        if (changed[i] != null) {
          builder.put(object.keyAt(i), changed[i]);
        }
      }
      return builder.build();
    }
  }

  /// `p | q`
  static final class Then extends Place {
    private final Place first;
    private final Place second;

    Then(Place first, Place second) {
      super(first.isDisjoint && second.isDisjoint, 1 + first.depth + SINK + second.depth);
      this.first = first;
      this.second = second;
    }

    @Override
    Set<String> members() {
      return first instanceof Here ? second.members() : first.members();
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      return first.walk(
          run, frame, in, at, (value, place) -> second.walk(run, frame, value, place, visitor));
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      return first.update(run, frame, in, value -> second.update(run, frame, value, change));
    }
  }

  /// `p, q`
  static final class Both extends Place {
    private final Place first;
    private final Place second;

    Both(Place first, Place second) {
      super(
          first.isDisjoint && second.isDisjoint && areApart(first.members(), second.members()),
          1 + deepest(first, second));
      this.first = first;
      this.second = second;
    }

    private static boolean areApart(Set<String> some, Set<String> others) {
      return !some.isEmpty() && !others.isEmpty() && Collections.disjoint(some, others);
    }

    @Override
    Set<String> members() {
      Set<String> all = new HashSet<>(first.members());
      all.addAll(second.members());
      return isDisjoint ? all : Set.of();
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      return first.walk(run, frame, in, at, visitor) && second.walk(run, frame, in, at, visitor);
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      Json after = first.update(run, frame, in, change);
      if (after == null) {
        throw GivenUp.SIGNAL;
      }
      Json last = second.update(run, frame, after == SAME ? in : after, change);
      return last == SAME ? after : last;
    }
  }

  /// `if c then p else q end`, `select(c)`
  static final class Choice extends Place {
    private final Code condition;
    private final Place then;
    private final Place otherwise;

    Choice(Code condition, Place then, Place otherwise) {
      super(then.isDisjoint && otherwise.isDisjoint, 2 + deepest(condition, then, otherwise));
      this.condition = condition;
      this.then = then;
      this.otherwise = otherwise;
    }

    private Place chosen(Run run, Frame frame, Json in) {
      Json decision = condition.eval(run, frame, in);
      return decision != null && Values.isTruthy(decision) ? then : otherwise;
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      return chosen(run, frame, in).walk(run, frame, in, at, visitor);
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      return chosen(run, frame, in).update(run, frame, in, change);
    }
  }

  /// `f as $x | p`
  static final class Bound extends Place {
    private final Code source;
    private final Loops.Binder binder;
    private final Place body;

    Bound(Code source, Loops.Binder binder, Place body) {
      super(body.isDisjoint, 1 + Math.max(binder.depth(), deepest(source, body)));
      this.source = source;
      this.binder = binder;
      this.body = body;
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      Json value = source.eval(run, frame, in);
      if (value == null) {
        return true;
      }
      binder.bind(run, frame, value);
      return body.walk(run, frame, in, at, visitor);
    }

    @Override
    Json update(Run run, Frame frame, Json in, Change change) {
      Json value = source.eval(run, frame, in);
      if (value == null) {
        return SAME;
      }
      binder.bind(run, frame, value);
      return body.update(run, frame, in, change);
    }
  }

  /// `..`
  static final class Everywhere extends Place {
    private static final int CALLS = 5;

    Everywhere() {
      super(false, 1);
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      if (!visitor.visit(in, at)) {
        return false;
      }
      if (!(in instanceof JsonArray || in instanceof JsonObject)) {
        return true;
      }
      run.enter(CALLS);
      boolean goesOn =
          All.parts(run, in, at, (value, place) -> walk(run, frame, value, place, visitor));
      run.leave(CALLS);
      return goesOn;
    }
  }

  /// `first(p)`
  static final class FirstOf extends Place {
    private final Place body;

    FirstOf(Place body) {
      super(false, 1 + body.depth + SINK);
      this.body = body;
    }

    @Override
    boolean walk(Run run, Frame frame, Json in, Trail at, Visitor visitor) {
      boolean[] hasEnough = {false};
      long mark = run.mark();
      boolean goesOn =
          body.walk(
              run,
              frame,
              in,
              at,
              (value, place) -> {
                hasEnough[0] = !visitor.visit(value, place);
                return false;
              });
      if (!goesOn && run.breaking == null) {
        run.restore(mark);
      }
      return !hasEnough[0];
    }
  }
}
