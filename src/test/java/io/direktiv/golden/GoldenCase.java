package io.direktiv.golden;

import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One case of `golden/workflows`, as it stands in its file.
record GoldenCase(String file, JsonObject json) {
  static final Path FOLDER = Path.of("golden");

  private static final Set<String> KEYS =
      Set.of(
          "name",
          "rule",
          "source",
          "only",
          "because",
          "workflow",
          "workflows",
          "logToEvents",
          "functions",
          "secrets",
          "variables",
          "settings",
          "start",
          "input",
          "steps");

  GoldenCase {
    Set<String> allowed = new java.util.HashSet<>(KEYS);
    allowed.addAll(Expected.KEYS);
    for (String key : json.keys()) {
      if (!allowed.contains(key)) {
        throw new IllegalArgumentException(file + ": a case has no key \"" + key + "\"");
      }
    }
  }

  /// Every case under `golden/workflows`.
  static List<GoldenCase> all() {
    List<GoldenCase> cases = new ArrayList<>();
    for (Path path : Yaml.files(FOLDER.resolve("workflows"))) {
      String file = FOLDER.resolve("workflows").relativize(path).toString();
      for (Json element : (JsonArray) Yaml.read(path)) {
        cases.add(new GoldenCase(file, (JsonObject) element));
      }
    }
    return cases;
  }

  String name() {
    return file + ": " + text(json, "name");
  }

  List<String> rules() {
    return texts(json, "rule");
  }

  boolean runsOn(String world) {
    return !json.has("only") || text(json, "only").equals(world);
  }

  /// The workflows; the first one is started.
  List<String> workflows() {
    return json.has("workflow") ? List.of(text(json, "workflow")) : texts(json, "workflows");
  }

  /// How the first instance begins: `api`, `manual` or not at all.
  String start() {
    return json.has("start") ? text(json, "start") : "api";
  }

  Json input() {
    return json.has("input") ? json.get("input") : JsonObject.EMPTY;
  }

  List<JsonObject> steps() {
    return json.get("steps") instanceof JsonArray steps
        ? steps.toList().stream().map(JsonObject.class::cast).toList()
        : List.of();
  }

  /// The limits, small where the case says so.
  EngineSettings settings() {
    EngineSettings usual = EngineSettings.DEFAULT;
    if (!(json.get("settings") instanceof JsonObject own)) {
      return usual;
    }
    QueryLimits limits =
        own.has("queryStepsMax")
            ? new QueryLimits(
                usual.queryLimits().time(),
                number(own, "queryStepsMax", 0),
                usual.queryLimits().bytesMax(),
                usual.queryLimits().outputsMax())
            : usual.queryLimits();
    return new EngineSettings(
        limits,
        number(own, "dataBytesMax", usual.dataBytesMax()),
        number(own, "historyBytesMax", usual.historyBytesMax()),
        (int) number(own, "statesPerStepMax", usual.statesPerStepMax()),
        (int) number(own, "statesMax", usual.statesMax()),
        (int) number(own, "subflowDepthMax", usual.subflowDepthMax()),
        (int) number(own, "concurrencyMax", usual.concurrencyMax()));
  }

  /// The limits of execution, small where the case says so.
  ExecutionSettings limits() {
    ExecutionSettings usual = ExecutionSettings.DEFAULT;
    return json.get("settings") instanceof JsonObject own
        ? new ExecutionSettings(
            (int) number(own, "waitingEventsMax", usual.waitingEventsMax()),
            (int) number(own, "livingSubflowsMax", usual.livingSubflowsMax()))
        : usual;
  }

  private static long number(JsonObject object, String key, long usual) {
    return object.get(key) instanceof JsonNumber number ? number.longValue() : usual;
  }

  static JsonObject object(JsonObject parent, String key) {
    return parent.get(key) instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  static String text(JsonObject object, String key) {
    if (object.get(key) instanceof JsonString text) {
      return text.value();
    }
    throw new IllegalArgumentException("\"" + key + "\" must be a text in " + object);
  }

  /// A text, or a list of texts.
  static List<String> texts(JsonObject object, String key) {
    return switch (object.get(key)) {
      case null -> List.of();
      case JsonArray list ->
          list.toList().stream().map(element -> ((JsonString) element).value()).toList();
      case Json _ -> List.of(text(object, key));
    };
  }
}
