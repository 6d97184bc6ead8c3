package io.direktiv.jq.machine;

import io.direktiv.jq.Modules;
import io.direktiv.jq.QueryHaltException;
import io.direktiv.jq.QueryHost;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QueryOptions.Grant;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The builtins that ask or tell the [QueryHost].
final class Hosted {
  private Hosted() {}

  /// Answers a call from the machine's value and the host.
  private interface Asking {
    Json answer(Json value, QueryHost host);
  }

  private static final Map<String, Specials.Form> FORMS =
      Map.ofEntries(
          Map.entry("debug/0", form(Hosted::debug)),
          Map.entry("stderr/0", form(Hosted::stderr)),
          Map.entry("env/0", form((_, host) -> host.environment())),
          Map.entry("input_filename/0", form((_, host) -> host.inputFilename())),
          Map.entry("input_line_number/0", form((_, host) -> Json.of(host.inputLineNumber()))),
          Map.entry("get_search_list/0", Hosted::searchList),
          Map.entry("get_jq_origin/0", origin(Modules.Origins::jq)),
          Map.entry("get_prog_origin/0", origin(Modules.Origins::query)),
          Map.entry("modulemeta/0", Hosted::moduleMeta),
          Map.entry("input/0", form(Hosted::input)),
          Map.entry("halt/0", form(Hosted::halt)),
          Map.entry("halt_error/1", Hosted::haltError));

  /// What each grant is about; `inputs/0` and `halt_error/0` are written in jq.
  private static final Map<String, Grant> GRANTS =
      Map.of(
          "input/0", Grant.INPUT,
          "inputs/0", Grant.INPUT,
          "halt/0", Grant.HALT,
          "halt_error/0", Grant.HALT,
          "halt_error/1", Grant.HALT);

  /// Granted by modules that know where they are.
  private static final Set<String> ORIGINS = Set.of("get_jq_origin/0", "get_prog_origin/0");

  /// The form called `key`, a name with the number of arguments, or null.
  static Specials.Form find(String key) {
    return FORMS.get(key);
  }

  static Set<String> names() {
    return FORMS.keySet();
  }

  /// True unless the builtin `key` needs a grant that `options` lack.
  static boolean isGranted(String key, QueryOptions options) {
    if (ORIGINS.contains(key)) {
      return options.modules().origins().isPresent();
    }
    return !GRANTS.containsKey(key) || options.grants().contains(GRANTS.get(key));
  }

  private static Specials.Form form(Asking asking) {
    return (_, _, _, next, isPath) ->
        Build.done(m -> {
          Json value = m.value;
          m.value = asking.answer(value, m.host);
          m.path = isPath && m.value == value ? m.path : Path.NONE;
          return next;
        });
  }

  private static Build searchList(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    JsonArray list =
        JsonArray.of(compiler.options().modules().searchList().stream().map(Json::of).toList());
    return constant(list, next, isPath);
  }

  private static Specials.Form origin(Function<Modules.Origins, String> which) {
    return (compiler, _, _, next, isPath) -> {
      String origin = compiler.options().modules().origins().map(which).orElse("");
      return constant(Json.of(origin), next, isPath);
    };
  }

  private static Build constant(Json value, Op next, boolean isPath) {
    return Build.done(Ops.literal(value, isPath ? Ops.nowhere(next) : next));
  }

  private static Build moduleMeta(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Modules modules = compiler.options().modules();
    return Build.done(m -> {
      m.value = ModulePaths.describe(m.value, modules);
      m.path = Path.NONE;
      return next;
    });
  }

  private static Json debug(Json value, QueryHost host) {
    host.debug(JsonArray.of(Json.of("DEBUG:"), value));
    return value;
  }

  private static Json stderr(Json value, QueryHost host) {
    host.stderr(value);
    return value;
  }

  private static Json input(Json value, QueryHost host) {
    return host.input().orElseThrow(() -> Values.failure("break"));
  }

  private static Json halt(Json value, QueryHost host) {
    throw new QueryHaltException(0, null);
  }

  private static Build haltError(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Op end =
        m -> {
          if (!(m.value instanceof JsonNumber code)) {
            throw Values.failure(
                Values.describe((Json) m.stack.value()) + " halt_error/1: number required");
          }
          throw new QueryHaltException((int) code.doubleValue(), (Json) m.stack.value());
        };
    return compiler.value(arguments.getFirst(), scope, end).map(Ops::aside);
  }
}
