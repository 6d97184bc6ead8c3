package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.builtins.Paths;
import io.direktiv.jq.builtins.Regexes;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;

/// Builtins that go through whole values, which jq writes in jq.
final class Structures {
  private static final int CALLS = 5;
  private static final String[] KEY_VALUE = {"key", "value"};

  private Structures() {}

  /// `..`
  static final class Everything extends Code {
    Everything() {
      super(Outputs.MANY);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      if (!out.accept(in)) {
        return false;
      }
      if (!(in instanceof JsonArray || in instanceof JsonObject)) {
        return true;
      }
      run.enter(CALLS);
      boolean goesOn = Access.Iterate.all(run, in, part -> each(run, frame, part, out));
      run.leave(CALLS);
      return goesOn;
    }
  }

  /// `walk(f)` where `f` has no more than one output.
  static final class Walk extends Code {
    private final Code change;

    Walk(Code change) {
      super(change.outputs, change);
      this.change = change;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      if (!(in instanceof JsonArray || in instanceof JsonObject)) {
        return change.eval(run, frame, in);
      }
      run.enter(CALLS);
      int at = run.hold(in);
      Json walked = Place.All.parts(run, in, part -> eval(run, frame, part));
      run.exchange(at, walked);
      run.leave(CALLS);
      Json result = change.eval(run, frame, walked);
      run.release(at);
      return result;
    }
  }

  /// `to_entries`
  static final class ToEntries extends Code {
    ToEntries() {
      super(Outputs.ONE);
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      if (!(in instanceof JsonObject || in instanceof JsonArray)) {
        throw GivenUp.SIGNAL;
      }
      int size = Place.All.size(in);
      run.budget.work(size);
      run.budget.build(128L * size);
      Json[] entries = new Json[size];
      for (int i = 0; i < size; i++) {
        Json[] entry =
            in instanceof JsonObject object
                ? new Json[] {new JsonString(object.keyAt(i)), object.valueAt(i)}
                : new Json[] {Json.of((long) i), ((JsonArray) in).get(i)};
        entries[i] = JsonObject.taking(KEY_VALUE, entry);
      }
      return JsonArray.taking(entries, size);
    }
  }

  /// `from_entries` of what `to_entries` makes; the machine knows the other forms.
  static final class FromEntries extends Code {
    FromEntries() {
      super(Outputs.ONE);
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      if (!(in instanceof JsonArray array)) {
        throw GivenUp.SIGNAL;
      }
      int size = array.size();
      run.budget.work(size);
      run.budget.build(64L * size);
      JsonObject.Builder builder = JsonObject.builder();
      for (int i = 0; i < size; i++) {
        if (array.get(i) instanceof JsonObject entry
            && entry.get("key") instanceof JsonString(String key)
            && entry.get("value") instanceof Json value) {
          builder.put(key, value);
        } else {
          throw GivenUp.SIGNAL;
        }
      }
      return builder.build();
    }
  }

  /// `isempty(f)`
  static final class IsEmpty extends Code {
    private final Code first;

    IsEmpty(Code body) {
      super(Outputs.ONE, 2 + SINK + body.depth);
      this.first = body.isMany() ? new Loops.First(body) : body;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return Json.of(first.eval(run, frame, in) == null);
    }
  }

  /// `tostream`
  static final class ToStream extends Code {
    ToStream() {
      super(Outputs.MANY, 2);
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return stream(run, in, Trail.ROOT, out);
    }

    /// Every container ends with the path of its last part, the outermost one too.
    private static boolean stream(Run run, Json in, Trail at, Sink out) {
      boolean isOpen =
          in instanceof JsonArray array
              ? !array.isEmpty()
              : in instanceof JsonObject object && !object.isEmpty();
      run.budget.step();
      run.budget.made(16L * at.length() + 64);
      if (!isOpen) {
        return out.accept(JsonArray.of(at.toJson(), in));
      }
      run.enter(CALLS);
      Trail[] last = {null};
      boolean goesOn =
          Place.All.parts(
              run,
              in,
              at,
              (part, place) -> {
                last[0] = place;
                return stream(run, part, place, out);
              });
      run.leave(CALLS);
      return goesOn && out.accept(JsonArray.of(last[0].toJson()));
    }
  }

  /// `getpath(f)`
  static Code getPath(Code path) {
    return new Operators.Binary(
        new Access.Identity(), path, (value, at, run) -> Paths.get(value, at, run.budget));
  }

  /// `sub(re; text)` and `gsub(re; text)` where `text` has one output for each match.
  static final class Substitute extends Code {
    private static final Natives.Function MATCH = Natives.find("_match", 3);

    private final Code pattern;
    private final Code replacement;
    private final boolean isGlobal;

    Substitute(Code pattern, Code replacement, boolean isGlobal) {
      super(Outputs.ONE, 3 + SINK + deepest(pattern, replacement));
      this.pattern = pattern;
      this.replacement = replacement;
      this.isGlobal = isGlobal;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json expression = pattern.eval(run, frame, in);
      if (in instanceof JsonString(String text) && expression instanceof JsonString(String re)) {
        String replaced = Regexes.replace(text, re, isGlobal, run.budget, () -> by(run, frame));
        if (replaced != null) {
          run.budget.size(2L * replaced.length());
          run.budget.made(2L * replaced.length());
          return new JsonString(replaced);
        }
      }
      return described(run, frame, in, expression);
    }

    private String by(Run run, Frame frame) {
      return replacement.eval(run, frame, JsonObject.EMPTY) instanceof JsonString(String by)
          ? by
          : null;
    }

    private Json described(Run run, Frame frame, Json in, Json expression) {
      Json[] arguments = {expression, Json.of(isGlobal ? "g" : ""), Json.FALSE};
      JsonArray matches = (JsonArray) MATCH.apply(in, arguments, run.budget);
      if (matches.isEmpty()) {
        return in;
      }
      String text = ((JsonString) in).value();
      StringBuilder out = new StringBuilder(text.length());
      int at = 0;
      int points = 0;
      for (int i = 0; i < matches.size(); i++) {
        JsonObject match = (JsonObject) matches.get(i);
        int offset = integer(match, "offset");
        int begin = text.offsetByCodePoints(at, offset - points);
        out.append(text, at, begin);
        if (!(replacement.eval(run, frame, captures(match)) instanceof JsonString(String by))) {
          throw GivenUp.SIGNAL;
        }
        out.append(by);
        int length = integer(match, "length");
        at = text.offsetByCodePoints(begin, length);
        points = offset + length;
        run.budget.step();
        run.budget.size(2L * out.length());
      }
      String whole = out.append(text, at, text.length()).toString();
      run.budget.size(2L * whole.length());
      run.budget.made(2L * whole.length());
      return new JsonString(whole);
    }

    private static int integer(JsonObject match, String key) {
      return (int) ((JsonNumber) match.get(key)).doubleValue();
    }

    private static JsonObject captures(JsonObject match) {
      JsonArray captures = (JsonArray) match.get("captures");
      if (captures.isEmpty()) {
        return JsonObject.EMPTY;
      }
      JsonObject.Builder named = JsonObject.builder();
      for (Json capture : captures) {
        JsonObject group = (JsonObject) capture;
        if (group.get("name") instanceof JsonString(String name)) {
          named.put(name, group.get("string"));
        }
      }
      return named.build();
    }
  }
}
