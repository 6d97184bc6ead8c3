package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Elements;
import io.direktiv.jq.builtins.Formats;
import io.direktiv.jq.builtins.Values;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;

/// The parts that build values: arrays, objects, strings.
final class Builders {
  private Builders() {}

  /// `[f]`
  static final class Collect extends Code {
    private final Code body;

    Collect(Code body) {
      super(Outputs.ONE, 1 + SINK + body.depth);
      this.body = body;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      if (!body.isMany()) {
        Json only = body.eval(run, frame, in);
        run.budget.made(32);
        return only == null ? JsonArray.EMPTY : JsonArray.of(only);
      }
      Elements gathering = new Elements();
      int at = run.hold(gathering);
      boolean goesOn =
          body.each(
              run,
              frame,
              in,
              value -> {
                gathering.add(value, run.budget);
                return true;
              });
      Flow.ended(goesOn, run);
      run.release(at);
      JsonArray array = gathering.toJson();
      run.budget.made(16L * array.size() + 16);
      return array;
    }
  }

  /// `map(f)` where `f` has no more than one output, as `[.[] | f]` is written at length.
  static final class Mapped extends Code {
    private final Code target;
    private final Code body;

    Mapped(Code target, Code body) {
      super(target.outputs, target, body);
      this.target = target;
      this.body = body;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      Json value = target.eval(run, frame, in);
      if (value == null) {
        return null;
      }
      int size =
          switch (value) {
            case JsonArray array -> array.size();
            case JsonObject object -> object.size();
            default -> throw Values.cannotIterate(value);
          };
      Elements gathering = new Elements();
      int at = run.hold(gathering);
      for (int i = 0; i < size; i++) {
        Json element = value instanceof JsonArray array ? array.get(i) : at((JsonObject) value, i);
        Json result = body.eval(run, frame, element);
        if (result != null) {
          gathering.add(result, run.budget);
        } else {
          run.budget.step();
        }
      }
      run.release(at);
      JsonArray array = gathering.toJson();
      run.budget.made(16L * array.size() + 16);
      return array;
    }

    private static Json at(JsonObject object, int index) {
      return object.valueAt(index);
    }
  }

  /// `{a: f, (g): h}`
  static final class Construct extends Code {
    private final Code[] keys;
    private final Code[] values;

    /// The keys when all are constant and different, or null.
    private final String[] names;

    Construct(Outputs outputs, Code[] keys, Code[] values, String[] names, Code... parts) {
      super(outputs, outputs == Outputs.MANY ? stacked(keys, values) : 2 + deepest(parts));
      this.keys = keys;
      this.values = values;
      this.names = names;
    }

    private static int stacked(Code[] keys, Code[] values) {
      int sum = 2;
      for (int i = 0; i < keys.length; i++) {
        sum += 1 + keys[i].eachDepth() + SINK + values[i].eachDepth() + SINK;
      }
      return sum;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return names != null ? fixed(run, frame, in) : computed(run, frame, in);
    }

    private Json fixed(Run run, Frame frame, Json in) {
      Json[] found = new Json[values.length];
      for (int i = 0; i < found.length; i++) {
        found[i] = values[i].eval(run, frame, in);
        if (found[i] == null) {
          return null;
        }
      }
      run.budget.made(64L + 48L * found.length);
      return JsonObject.taking(names, found);
    }

    private Json computed(Run run, Frame frame, Json in) {
      JsonObject.Builder builder = JsonObject.builder();
      for (int i = 0; i < values.length; i++) {
        Json key = keys[i].eval(run, frame, in);
        if (key == null) {
          return null;
        }
        String name = Values.key(key);
        Json value = values[i].eval(run, frame, in);
        if (value == null) {
          return null;
        }
        builder.put(name, value);
      }
      run.budget.made(64L + 48L * values.length);
      return builder.build();
    }

    @Override
    boolean each(Run run, Frame frame, Json in, Sink out) {
      return isMany()
          ? rest(run, frame, in, 0, JsonObject.EMPTY, out)
          : super.each(run, frame, in, out);
    }

    /// Recurs once for each member of the constructor.
    private boolean rest(Run run, Frame frame, Json in, int at, JsonObject object, Sink out) {
      if (at == values.length) {
        run.budget.made(64L + 48L * values.length);
        return out.accept(object);
      }
      return keys[at].each(
          run,
          frame,
          in,
          key -> {
            String name = Values.key(key);
            return values[at].each(
                run,
                frame,
                in,
                value -> rest(run, frame, in, at + 1, object.with(name, value), out));
          });
    }
  }

  /// `"a\(f)b"`
  static final class Text extends Code {
    private final String format;
    private final Code[] parts;

    /// What is written as it is; null where a part is evaluated.
    private final String[] literals;

    Text(String format, Code[] parts, String[] literals) {
      super(Outputs.ONE, 2 + deepest(parts));
      this.format = format;
      this.parts = parts;
      this.literals = literals;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      String[] texts = new String[parts.length];
      long length = 0;
      for (int i = parts.length - 1; i >= 0; i--) {
        texts[i] = literals[i] != null ? literals[i] : text(parts[i], run, frame, in);
        length += texts[i].length();
        run.budget.size(2 * length);
      }
      run.budget.made(2 * length);
      String text = texts.length == 2 ? texts[0].concat(texts[1]) : String.join("", texts);
      return new JsonString(text);
    }

    private String text(Code part, Run run, Frame frame, Json in) {
      Json value = part.eval(run, frame, in);
      return format == null && value instanceof JsonString(String plain)
          ? plain
          : Formats.apply(format, value, run.budget);
    }
  }

  /// `@format`
  static final class Formatted extends Code {
    private final String format;

    Formatted(String format) {
      super(Outputs.ONE);
      this.format = format;
    }

    @Override
    Json eval(Run run, Frame frame, Json in) {
      return Json.of(Formats.apply(format, in, run.budget));
    }
  }
}
