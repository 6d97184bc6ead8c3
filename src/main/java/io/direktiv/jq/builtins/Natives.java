package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonLimits;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonReader;
import io.direktiv.json.JsonString;
import io.direktiv.json.texts.JsonTextException;
import io.direktiv.json.texts.JsonTexts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The builtins that are written in Java and need only the values of their arguments.
public final class Natives {
  public static final Json[] NO_ARGUMENTS = {};

  private static final Map<String, Function> FUNCTIONS = new HashMap<>();

  static {
    values();
    text();
    structure();
    Maths.register(FUNCTIONS);
    Dates.register(FUNCTIONS);
    Regexes.register(FUNCTIONS);
  }

  private Natives() {}

  /// A builtin applied to its input and arguments.
  public interface Function {
    Json apply(Json input, Json[] arguments, Budget budget);
  }

  /// The builtin called `name` with so many arguments, or null.
  public static Function find(String name, int arity) {
    return FUNCTIONS.get(name + "/" + arity);
  }

  public static Set<String> names() {
    return FUNCTIONS.keySet();
  }

  private static void values() {
    FUNCTIONS.put("not/0", (in, _, _) -> Json.of(!Values.isTruthy(in)));
    FUNCTIONS.put("true/0", (_, _, _) -> Json.TRUE);
    FUNCTIONS.put("false/0", (_, _, _) -> Json.FALSE);
    FUNCTIONS.put("null/0", (_, _, _) -> Json.NULL);
    FUNCTIONS.put("type/0", (in, _, _) -> Json.of(Values.type(in)));
    FUNCTIONS.put("length/0", (in, _, _) -> length(in));
    FUNCTIONS.put("tostring/0", (in, _, budget) -> Json.of(Formats.text(in, budget)));
    FUNCTIONS.put("tojson/0", (in, _, budget) -> Json.of(Formats.json(in, budget)));
    FUNCTIONS.put("fromjson/0", (in, _, budget) -> fromJson(in, budget));
    FUNCTIONS.put("tonumber/0", (in, _, _) -> Strings.toNumber(in));
    FUNCTIONS.put("toboolean/0", (in, _, _) -> Strings.toBoolean(in));
    FUNCTIONS.put("add/0", (in, _, budget) -> sum(in, budget));
    FUNCTIONS.put("contains/1", (in, args, budget) -> Containment.of(in, args[0], budget));
  }

  private static Json length(Json in) {
    return switch (in) {
      case io.direktiv.json.JsonNull _ -> Json.of(0);
      case io.direktiv.json.JsonBoolean _ ->
          throw Values.failure(Values.describe(in) + " has no length");
      case JsonNumber number -> number.doubleValue() < 0 ? number.negate() : number;
      case JsonString string ->
          Json.of((long) string.value().codePointCount(0, string.value().length()));
      case JsonArray array -> Json.of((long) array.size());
      case JsonObject object -> Json.of((long) object.size());
    };
  }

  private static Json fromJson(Json in, Budget budget) {
    if (!(in instanceof JsonString text)) {
      throw Values.failure(Values.describe(in) + " only strings can be parsed");
    }
    budget.work(text.value().length() >> 4);
    budget.build(16L * text.value().length());
    try {
      return JsonReader.read(text.value(), JsonLimits.DEFAULT);
    } catch (JsonException _) {
      // It may still be a text that jq takes, such as nan; if not, jq says why in its own words.
      return asJqReads(text.value());
    }
  }

  private static Json asJqReads(String text) {
    try {
      return JsonTexts.one(text);
    } catch (JsonTextException e) {
      throw Values.failure(e.getMessage());
    }
  }

  private static Json sum(Json in, Budget budget) {
    java.util.Iterator<Json> elements = Values.elements(in);
    Json sum = Json.NULL;
    StringBuilder text = null;
    while (elements.hasNext()) {
      Json element = elements.next();
      budget.work(1);
      if (element instanceof JsonString part && (text != null || sum instanceof JsonString)) {
        text = text == null ? new StringBuilder(((JsonString) sum).value()) : text;
        text.append(part.value());
        budget.size(2L * text.length());
        continue;
      }
      if (text != null) {
        sum = Json.of(text.toString());
        text = null;
      }
      sum = Values.add(sum, element, budget);
    }
    if (text == null) {
      return sum;
    }
    budget.made(2L * text.length());
    return Json.of(text.toString());
  }

  private static void text() {
    FUNCTIONS.put("utf8bytelength/0", (in, _, _) -> utf8Length(in));
    FUNCTIONS.put("explode/0", (in, _, budget) -> Strings.explode(in, budget));
    FUNCTIONS.put("implode/0", (in, _, budget) -> Strings.implode(in, budget));
    FUNCTIONS.put("split/1", (in, args, budget) -> split(in, args[0], budget));
    FUNCTIONS.put("join/1", (in, args, budget) -> Strings.join(in, args[0], budget));
    FUNCTIONS.put(
        "ltrimstr/1",
        (in, a, budget) -> made(in, Strings.cut(in, a[0], true, false, "ltrimstr"), budget));
    FUNCTIONS.put(
        "rtrimstr/1",
        (in, a, budget) -> made(in, Strings.cut(in, a[0], false, true, "rtrimstr"), budget));
    FUNCTIONS.put(
        "trimstr/1",
        (in, a, budget) -> made(in, Strings.cut(in, a[0], true, true, "trimstr"), budget));
    FUNCTIONS.put("trim/0", (in, _, budget) -> made(in, Strings.trim(in, true, true), budget));
    FUNCTIONS.put("ltrim/0", (in, _, budget) -> made(in, Strings.trim(in, true, false), budget));
    FUNCTIONS.put("rtrim/0", (in, _, budget) -> made(in, Strings.trim(in, false, true), budget));
    FUNCTIONS.put("startswith/1", (in, args, _) -> Strings.starts(in, args[0], false));
    FUNCTIONS.put("endswith/1", (in, args, _) -> Strings.starts(in, args[0], true));
    FUNCTIONS.put("indices/1", (in, args, budget) -> Strings.indices(in, args[0], budget));
    FUNCTIONS.put("_strindices/1", (in, args, budget) -> Strings.places(in, args[0], budget));
    FUNCTIONS.put(
        "index/1", (in, args, budget) -> edge(Strings.indices(in, args[0], budget), true));
    FUNCTIONS.put(
        "rindex/1", (in, args, budget) -> edge(Strings.indices(in, args[0], budget), false));
    FUNCTIONS.put("format/1", (in, args, budget) -> format(in, args[0], budget));
  }

  /// Counts a part of a text; `text` itself when it is all of it.
  private static Json made(Json text, Json part, Budget budget) {
    int length = ((JsonString) part).value().length();
    if (length == ((JsonString) text).value().length()) {
      return text;
    }
    budget.made(2L * length);
    budget.work(length >> 8);
    return part;
  }

  private static Json edge(Json indices, boolean first) {
    if (!(indices instanceof JsonArray array) || array.isEmpty()) {
      return Json.NULL;
    }
    return array.get(first ? 0 : array.size() - 1);
  }

  private static Json format(Json in, Json name, Budget budget) {
    if (!(name instanceof JsonString text)) {
      throw Values.failure(Values.describe(name) + " is not a valid format");
    }
    return Json.of(Formats.apply(text.value(), in, budget));
  }

  private static Json utf8Length(Json in) {
    if (in instanceof JsonString text) {
      return Json.of(Strings.utf8Length(text.value()));
    }
    throw Values.failure(Values.describe(in) + " only strings have UTF-8 byte length");
  }

  private static Json split(Json in, Json separator, Budget budget) {
    if (in instanceof JsonString text && separator instanceof JsonString by) {
      return Strings.split(text.value(), by.value(), budget);
    }
    throw Values.failure("split input and separator must be strings");
  }

  private static void structure() {
    FUNCTIONS.put("keys/0", (in, _, budget) -> keys(in, true, budget));
    FUNCTIONS.put("keys_unsorted/0", (in, _, budget) -> keys(in, false, budget));
    FUNCTIONS.put("has/1", (in, args, _) -> has(in, args[0]));
    FUNCTIONS.put("setpath/2", (in, args, budget) -> Paths.set(in, args[0], args[1], budget));
    FUNCTIONS.put("delpaths/1", (in, args, budget) -> Paths.delete(in, args[0], budget));
    FUNCTIONS.put("reverse/0", (in, _, budget) -> reverse(in, budget));
    FUNCTIONS.put("flatten/0", (in, _, budget) -> flatten(in, 1e9, budget));
    FUNCTIONS.put("flatten/1", (in, args, budget) -> flatten(in, depth(args[0]), budget));
    FUNCTIONS.put("transpose/0", (in, _, budget) -> transpose(in, budget));
    Sorting.register(FUNCTIONS);
  }

  private static Json keys(Json in, boolean isSorted, Budget budget) {
    if (in instanceof JsonObject object) {
      budget.work(object.size());
      budget.build(32L * object.size());
      List<String> keys = isSorted ? Order.sortedKeys(object) : new ArrayList<>(object.keys());
      return JsonArray.of(keys.stream().map(Json::of).toList());
    }
    if (in instanceof JsonArray array) {
      budget.work(array.size());
      budget.build(48L * array.size());
      List<Json> indices = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        indices.add(Json.of((long) i));
      }
      return JsonArray.of(indices);
    }
    throw Values.failure(Values.describe(in) + " has no keys");
  }

  private static Json has(Json in, Json key) {
    if (in instanceof JsonObject object && key instanceof JsonString name) {
      return Json.of(object.has(name.value()));
    }
    if (in instanceof JsonArray array && key instanceof JsonNumber index) {
      double at = Math.floor(index.doubleValue());
      return Json.of(at >= 0 && at < array.size());
    }
    throw Values.failure(
        "Cannot check whether "
            + Values.type(in)
            + " has a "
            + (key instanceof JsonString ? "string" : Values.type(key))
            + " key");
  }

  private static Json reverse(Json in, Budget budget) {
    return switch (in) {
      case JsonString text -> {
        budget.build(2L * text.value().length());
        yield Json.of(new StringBuilder(text.value()).reverse().toString());
      }
      case io.direktiv.json.JsonNull _ -> JsonArray.EMPTY;
      case JsonArray array -> {
        budget.build(8L * array.size());
        yield JsonArray.of(array.toList().reversed());
      }
      case JsonNumber _, JsonObject _, io.direktiv.json.JsonBoolean _ -> {
        double length = ((JsonNumber) length(in)).doubleValue();
        if (length > 0) {
          throw Values.cannotIndex(in, JsonNumber.of(length - 1));
        }
        yield JsonArray.EMPTY;
      }
    };
  }

  private static double depth(Json value) {
    if (!(value instanceof JsonNumber number)) {
      if (value instanceof JsonString
          || value instanceof JsonArray
          || value instanceof JsonObject) {
        return Double.MAX_VALUE;
      }
      throw Values.failure("flatten depth must not be negative");
    }
    if (number.doubleValue() < 0) {
      throw Values.failure("flatten depth must not be negative");
    }
    return number.doubleValue();
  }

  private record Level(java.util.Iterator<Json> rest, double depth) {}

  private static Json flatten(Json in, double depth, Budget budget) {
    Elements flat = new Elements();
    java.util.Deque<Level> open = new java.util.ArrayDeque<>();
    open.push(new Level(Values.elements(in), depth));
    while (!open.isEmpty()) {
      Level level = open.peek();
      if (!level.rest.hasNext()) {
        open.pop();
        continue;
      }
      Json element = level.rest.next();
      if (element instanceof JsonArray array && level.depth > 0) {
        open.push(new Level(array.iterator(), level.depth - 1));
        budget.step();
      } else {
        flat.add(element, budget);
      }
    }
    return flat.toJson();
  }

  private static Json transpose(Json in, Budget budget) {
    List<JsonArray> rows = new ArrayList<>();
    int width = 0;
    for (java.util.Iterator<Json> it = Values.elements(in); it.hasNext(); ) {
      Json row = it.next();
      if (!(row instanceof JsonArray array)) {
        throw Values.cannotIndex(row, Json.of(0));
      }
      rows.add(array);
      width = Math.max(width, array.size());
    }
    budget.work((long) width * rows.size());
    budget.build(16L * width * rows.size());
    List<Json> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      int at = i;
      columns.add(
          JsonArray.of(
              rows.stream().map(row -> at < row.size() ? row.get(at) : Json.NULL).toList()));
    }
    return JsonArray.of(columns);
  }
}
