package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Elements;
import io.direktiv.jq.builtins.Paths;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;

/// The parts that use places: `path(p)`, `p |= f`, `p = v`, `del(p)`.
final class Updates {
  private Updates() {}

  /// `path(p)`
  static final class PathOf extends Code {
    private final Place place;

    PathOf(Place place) {
      super(Outputs.MANY, 1 + place.depth + SINK);
      this.place = place;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return place.walk(
          run,
          frame,
          in,
          Trail.ROOT,
          (_, at) -> {
            run.budget.made(16L * at.length() + 32);
            return out.accept(at.toJson());
          });
    }
  }

  /// `paths(f)`: the paths of all parts of the input for which `f` is true.
  static final class PathsTo extends Code {
    private final Place place = new Place.Everywhere();
    private final Code condition;

    PathsTo(Code condition) {
      super(Outputs.MANY, 2 + SINK + condition.depth);
      this.condition = condition;
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return place.walk(
          run,
          frame,
          in,
          Trail.ROOT,
          (value, at) -> {
            if (at.length() == 0) {
              return true;
            }
            Json decision = condition.eval(run, frame, value);
            if (decision == null || !io.direktiv.jq.builtins.Values.isTruthy(decision)) {
              return true;
            }
            run.budget.made(16L * at.length() + 32);
            return out.accept(at.toJson());
          });
    }
  }

  /// `p |= f`
  static final class Modify extends Code {
    private final Place place;
    private final Code change;

    Modify(Place place, Code change) {
      super(Outputs.ONE, 3 + place.depth + SINK + change.depth);
      this.place = place;
      this.change = change;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return place.isDisjoint
          ? updated(run, frame, in, place, value -> first(run, frame, value))
          : folded(run, frame, in);
    }

    private Json first(Run run, Frame frame, Json value) {
      return change.eval(run, frame, value);
    }

    private Json folded(Run run, Frame frame, Json in) {
      Json[] state = {in};
      int held = run.hold(in);
      place.walk(
          run,
          frame,
          in,
          Trail.ROOT,
          (_, at) -> {
            JsonArray path = at.toJson();
            Json after = first(run, frame, Paths.get(state[0], path, run.budget));
            if (after == null) {
              throw GivenUp.SIGNAL;
            }
            state[0] = Paths.set(state[0], path, after, run.budget);
            run.exchange(held, state[0]);
            return true;
          });
      run.release(held);
      return state[0];
    }
  }

  private static Json updated(
      Run run, Code.Frame frame, Json in, Place place, Place.Change change) {
    Json after = place.update(run, frame, in, change);
    return after == Place.SAME ? in : after == null ? Json.NULL : after;
  }

  /// `p = $v` with the value bound already.
  static final class Assign extends Code {
    private final Place place;
    private final Code value;

    Assign(Place place, Code value) {
      super(value.outputs, 3 + value.depth + SINK + place.depth + SINK);
      this.place = place;
      this.value = value;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json assigned = value.eval(run, frame, in);
      return assigned == null ? null : assigned(run, frame, in, assigned);
    }

    private Json assigned(Run run, Frame frame, Json in, Json assigned) {
      if (place.isDisjoint) {
        return updated(run, frame, in, place, _ -> assigned);
      }
      Json[] state = {in};
      int held = run.hold(in);
      place.walk(
          run,
          frame,
          in,
          Trail.ROOT,
          (_, at) -> {
            state[0] = Paths.set(state[0], at.toJson(), assigned, run.budget);
            run.exchange(held, state[0]);
            return true;
          });
      run.release(held);
      return state[0];
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return isMany()
          ? value.each(run, frame, in, each -> out.accept(assigned(run, frame, in, each)))
          : super.each(run, frame, in, out);
    }
  }

  /// `del(p)`
  static final class Delete extends Code {
    private final Place place;

    Delete(Place place) {
      super(Outputs.ONE, 2 + place.depth + SINK);
      this.place = place;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      if (place.isDisjoint) {
        return updated(run, frame, in, place, _ -> null);
      }
      Elements paths = new Elements();
      int held = run.hold(paths);
      place.walk(
          run,
          frame,
          in,
          Trail.ROOT,
          (_, at) -> {
            run.budget.made(16L * at.length() + 32);
            paths.add(at.toJson(), run.budget);
            return true;
          });
      Json result = Paths.delete(in, paths.toJson(), run.budget);
      run.release(held);
      return result;
    }
  }
}
