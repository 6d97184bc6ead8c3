package io.direktiv.jq.machine;

import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The builtins that are written in jq, see `prelude.jq`. Each is compiled when it is first called.
final class Prelude {
  private static final Map<String, Node.Function> FUNCTIONS = new HashMap<>();
  private static final Scope SCOPE = load();

  private Prelude() {}

  static Scope scope() {
    return SCOPE;
  }

  /// The same by name and number of parameters.
  static Map<String, Node.Function> functions() {
    return FUNCTIONS;
  }

  private static Scope load() {
    QueryOptions all = QueryOptions.NONE.granting(QueryOptions.Grant.values());
    Calls calls = new Compiler(all, Compiler.Kind.PRELUDE).calls();
    Scope scope = Scope.root();
    try (InputStream in = Prelude.class.getResourceAsStream("prelude.jq")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Scope.Definition> definitions = new ArrayList<>();
      for (Node.Function function : Parser.parseModule(text).functions()) {
        Scope.Definition definition = new Scope.Definition(calls, function);
        scope = scope.define(function.name(), function.parameters().size(), definition);
        definitions.add(definition);
        FUNCTIONS.put(function.name() + "/" + function.parameters().size(), function);
      }
      for (Scope.Definition definition : definitions) {
        definition.scope = scope;
      }
      return scope;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (QuerySyntaxException e) {
      throw new IllegalStateException("prelude.jq line " + e.line() + ": " + e.getMessage(), e);
    }
  }
}
