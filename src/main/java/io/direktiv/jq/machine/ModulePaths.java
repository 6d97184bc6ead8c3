package io.direktiv.jq.machine;

import io.direktiv.jq.Modules;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Parser;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// Checks the paths of modules and describes what they lead to, in jq's words.
final class ModulePaths {
  private ModulePaths() {}

  /// What is wrong with a path, or nothing.
  static String problem(String path) {
    if (path.contains("\\")) {
      return "Modules must be named by relative paths using '/', not '\\' (" + path + ")\n";
    }
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].equals("..")) {
        return "Relative paths to modules may not traverse to parent directories (" + path + ")\n";
      }
      if (i > 0 && parts[i].equals(parts[i - 1])) {
        return "module names must not have equal consecutive components: " + path + "\n";
      }
    }
    return "";
  }

  /// The directories that an import's metadata names.
  static List<String> search(JsonObject metadata) {
    Json search = metadata == null ? null : metadata.get("search");
    List<String> paths = new ArrayList<>();
    if (search instanceof JsonString(String one)) {
      paths.add(one);
    } else if (search instanceof JsonArray several) {
      for (Json each : several) {
        if (each instanceof JsonString(String path)) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  /// What `modulemeta` answers: the module's metadata with what it imports and defines.
  static Json describe(Json path, Modules modules) {
    if (!(path instanceof JsonString(String name))) {
      throw Values.failure("modulemeta input module name must be a string");
    }
    String problem = problem(name);
    if (!problem.isEmpty()) {
      throw Values.failure(problem.strip());
    }
    Modules.Module module =
        modules
            .find(new Modules.Request(name, ".jq", List.of(), ""))
            .orElseThrow(() -> Values.failure("module not found: " + name + "\n"));
    try {
      return describe(Parser.parseModule(module.text()));
    } catch (QuerySyntaxException e) {
      throw Values.failure(e.problems().getFirst().message());
    }
  }

  private static Json describe(Node.Program program) {
    JsonObject metadata = program.metadata() == null ? JsonObject.EMPTY : program.metadata();
    List<Json> imports = new ArrayList<>();
    for (Node.Import each : program.imports()) {
      JsonObject.Builder one =
          (each.metadata() == null ? JsonObject.EMPTY : each.metadata()).toBuilder();
      if (each.name() != null) {
        one.put("as", each.name());
      }
      imports.add(one.put("is_data", each.isData()).put("relpath", each.path()).build());
    }
    List<Json> functions = new ArrayList<>();
    for (Node.Function function : program.functions()) {
      functions.add(Json.of(function.name() + "/" + function.parameters().size()));
    }
    return metadata.with("deps", JsonArray.of(imports)).with("defs", JsonArray.of(functions));
  }
}
