package io.direktiv.jq.machine;

import io.direktiv.jq.Limits;
import io.direktiv.jq.Modules;
import io.direktiv.jq.Modules.Module;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Parser;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonString;
import io.direktiv.json.texts.JsonTextException;
import io.direktiv.json.texts.JsonTexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the modules that a query imports and puts what they define into scope.
///
/// A module is read once, however often it is imported. It sees the builtins, the host's variables
/// and what it imports itself. Data is a variable whose value is known before anything runs.
final class Linker {
  private final QueryOptions options;
  private final Scope outer;
  private final Map<String, List<Scope.Definition>> modules = new HashMap<>();
  private final Map<Integer, Json> data = new LinkedHashMap<>();
  private int depth;

  /// Links modules into `outer`, the scope of the builtins and the host's variables.
  Linker(QueryOptions options, Scope outer) {
    this.options = options;
    this.outer = outer;
  }

  /// The values of the slots that imported data has.
  Map<Integer, Json> data() {
    return data;
  }

  /// The scope in which what a query imports is known, and what it includes without saying so.
  Scope bindQuery(List<Node.Import> imports, String text) throws QuerySyntaxException {
    Scope scope = outer;
    Optional<Module> included = options.modules().included();
    if (included.isPresent()) {
      scope = define(load(included.get(), null, QuerySyntaxException.TOP_LEVEL, text), "", scope);
    }
    return bind(imports, QuerySyntaxException.TOP_LEVEL, "", text, scope);
  }

  private static Scope define(List<Scope.Definition> definitions, String prefix, Scope outside) {
    Scope scope = outside;
    for (Scope.Definition definition : definitions) {
      Node.Function function = definition.function;
      scope = scope.define(prefix + function.name(), function.parameters().size(), definition);
    }
    return scope;
  }

  /// The scope in which `imports` of the text `text` of `origin` are known.
  private Scope bind(
      List<Node.Import> imports, String origin, String from, String text, Scope outside)
      throws QuerySyntaxException {
    Scope scope = outside;
    for (Node.Import each : imports) {
      Module module = find(each, origin, from, text);
      if (each.isData()) {
        scope = bindData(each, module, origin, text, scope);
        continue;
      }
      String prefix = each.name() == null ? "" : each.name() + "::";
      scope = define(load(module, each, origin, text), prefix, scope);
    }
    return scope;
  }

  private Module find(Node.Import each, String origin, String from, String text)
      throws QuerySyntaxException {
    String problem = ModulePaths.problem(each.path());
    if (!problem.isEmpty()) {
      throw refusal(origin, text, problem, "", each);
    }
    String suffix = each.isData() ? ".json" : ".jq";
    Modules.Request request =
        new Modules.Request(each.path(), suffix, ModulePaths.search(each.metadata()), from);
    Optional<Module> found = options.modules().find(request);
    return found.orElseThrow(() ->
        refusal(
            origin,
            text,
            "module not found: " + each.path() + "\n",
            options.modules() == Modules.NONE
                ? "there are no modules to import here, put the definitions into the query"
                : "looked for it as " + each.path() + suffix,
            each));
  }

  private static QuerySyntaxException refusal(
      String origin, String text, String message, String hint, Node.Import each) {
    return new QuerySyntaxException(
        origin, text, List.of(new Problem(message, hint, each.at(), -1, each.end())));
  }

  private Scope bindData(Node.Import each, Module module, String origin, String text, Scope scope)
      throws QuerySyntaxException {
    Json value;
    try {
      value =
          each.metadata() != null && each.metadata().get("raw") == Json.TRUE
              ? new JsonString(module.text())
              : texts(module.text());
    } catch (JsonTextException e) {
      String message = "error loading data file " + module.origin() + ": " + e.getMessage();
      throw refusal(origin, text, message, "", each);
    }
    Scope bound = scope.bind(each.name() + "::" + each.name());
    data.put(bound.slot(), value);
    bound = bound.bind(each.name());
    data.put(bound.slot(), value);
    return bound;
  }

  /// All the values of a file, which may hold none or several.
  private static Json texts(String text) {
    JsonTexts reader = new JsonTexts(JsonTexts.Form.WHOLE, false);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    reader.feed(bytes, 0, bytes.length);
    reader.end();
    List<Json> values = new ArrayList<>();
    for (Json value = reader.next(); value != null; value = reader.next()) {
      values.add(value);
    }
    return JsonArray.of(values);
  }

  /// The functions that a module defines.
  private List<Scope.Definition> load(
      Module module, Node.Import each, String importer, String importing)
      throws QuerySyntaxException {
    List<Scope.Definition> known = modules.get(module.origin());
    if (known != null) {
      return known;
    }
    if (++depth > Limits.MODULE_DEPTH_MAX) {
      String message = "modules import each other deeper than " + Limits.MODULE_DEPTH_MAX;
      throw refusal(importer, importing, message, "does one import itself?", each);
    }
    String text = module.text();
    Node.Program program = parse(module);
    Compiler compiler = new Compiler(options, Compiler.Kind.MODULE);
    Scope scope = bind(program.imports(), module.origin(), module.origin(), text, outer);
    List<Scope.Definition> definitions = new ArrayList<>();
    for (Node.Function function : program.functions()) {
      scope = compiler.calls().define(function, scope);
      Scope.Definition definition = scope.definition();
      compiler.check(definition);
      definitions.add(definition);
    }
    compiler.check(module.origin(), text);
    depth--;
    modules.put(module.origin(), definitions);
    return definitions;
  }

  private static Node.Program parse(Module module) throws QuerySyntaxException {
    try {
      return Parser.parseModule(module.text());
    } catch (QuerySyntaxException e) {
      throw new QuerySyntaxException(module.origin(), module.text(), e.problems());
    }
  }
}
