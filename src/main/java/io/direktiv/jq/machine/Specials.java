package io.direktiv.jq.machine;

import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.builtins.Paths;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The builtins that need more than the values of their arguments.
final class Specials {
  private Specials() {}

  /// Compiles a call.
  interface Form {
    Build compile(Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath);
  }

  private static final Map<String, Form> FORMS =
      Map.of(
          "empty/0", (_, _, _, _, _) -> Build.done(_ -> null),
          "path/1", Specials::path,
          "getpath/1", Specials::getPath,
          "select/1", Specials::select,
          "range/2", Specials::range,
          "error/0", Specials::error,
          "builtins/0", Specials::builtins,
          "_limit/2", Specials::limit,
          "_skip/2", Specials::skip);

  /// Words of the language, not builtins.
  private static final Set<String> CONSTANTS = Set.of("null/0", "true/0", "false/0");

  /// The form called `name` with so many arguments, or null.
  static Form find(String name, int arity) {
    String key = name + "/" + arity;
    Form form = FORMS.get(key);
    return form != null ? form : Hosted.find(key);
  }

  /// The builtins that `options` grant, as `name/arity`.
  static Set<String> builtinNames(QueryOptions options) {
    Set<String> names = new TreeSet<>(Natives.names());
    names.addAll(FORMS.keySet());
    names.addAll(Hosted.names());
    names.addAll(Prelude.scope().functions());
    names.removeAll(CONSTANTS);
    names.removeIf(name -> name.startsWith("_") || !Hosted.isGranted(name, options));
    return names;
  }

  private static Build builtins(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    JsonArray list = JsonArray.of(builtinNames(compiler.options()).stream().map(Json::of).toList());
    return Build.done(m -> {
      m.value = list;
      m.path = Path.NONE;
      return next;
    });
  }

  /// How many outputs are still to come, or to go by, and the forks that there were before.
  private static final class Count {
    double left;
    final int forks;

    Count(double left, int forks) {
      this.left = left;
      this.forks = forks;
    }
  }

  /// Ends with the last output that is wanted: what it might come back to is forgotten.
  private static Build limit(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Op take =
        m -> {
          Count count = (Count) m.pop();
          count.left--;
          if (count.left <= 0) {
            m.forks.subList(count.forks, m.forks.size()).clear();
          }
          return next;
        };
    return counted(compiler, arguments, scope, take, isPath);
  }

  private static Build skip(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Op take =
        m -> {
          Count count = (Count) m.pop();
          count.left--;
          return count.left < 0 ? next : null;
        };
    return counted(compiler, arguments, scope, take, isPath);
  }

  private static Build counted(
      Compiler compiler, List<Node> arguments, Scope scope, Op take, boolean isPath) {
    return compiler
        .compile(arguments.getLast(), scope, take, isPath)
        .then(body ->
            compiler.value(
                arguments.getFirst(),
                scope,
                m -> {
                  double count = ((JsonNumber) m.value).doubleValue();
                  Ops.restoreInput(m);
                  m.push(new Count(count, m.forks.size()));
                  return body;
                }))
        .map(Ops::aside);
  }

  private static Build error(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    return Build.done(m -> {
      throw Values.error(m.value);
    });
  }

  private static Build path(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Op done =
        m -> {
          JsonArray path = keys(m);
          Path outer = (Path) m.pop();
          m.path = isPath ? Path.NONE : outer;
          m.value = path;
          return next;
        };
    return compiler
        .path(arguments.getFirst(), scope, done)
        .map(body ->
            m -> {
              m.push(m.path == null ? Path.NONE : m.path);
              m.path = Path.ROOT;
              return body;
            });
  }

  private static JsonArray keys(Machine machine) {
    if (machine.path.length() < 0) {
      throw Values.failure("Invalid path expression with result " + Values.shorten(machine.value));
    }
    machine.budget.made(16L * machine.path.length());
    return machine.path.toJson();
  }

  private static Build getPath(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Op get =
        m -> {
          Json path = m.value;
          Ops.restoreInput(m);
          if (isPath) {
            Ops.place(m, "near attempt to access element " + Values.shorten(path) + " of", -1);
            m.path = path instanceof JsonArray keys ? m.path.plus(keys) : m.path;
          }
          m.value = Paths.get(m.value, path, m.budget);
          return next;
        };
    return compiler.value(arguments.getFirst(), scope, get).map(Ops::aside);
  }

  private static Build select(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    return compiler.value(arguments.getFirst(), scope, Ops.choose(next, _ -> null)).map(Ops::aside);
  }

  static final class Range {
    double at;
    final double end;

    Range(double at, double end) {
      this.at = at;
      this.end = end;
    }
  }

  private static Build range(
      Compiler compiler, List<Node> arguments, Scope scope, Op next, boolean isPath) {
    Op after = isPath ? Ops.nowhere(next) : next;
    Op resume =
        new Op() {
          @Override
          public Op run(Machine m) {
            Range range = (Range) m.extra;
            m.value = JsonNumber.of(range.at);
            range.at++;
            if (range.at < range.end) {
              m.fork(this, range);
            }
            return after;
          }
        };
    Op start =
        m -> {
          Json to = m.value;
          Json from = (Json) m.pop();
          m.stack = m.stack.rest();
          if (!(from instanceof JsonNumber first) || !(to instanceof JsonNumber last)) {
            throw Values.failure("Range bounds must be numeric");
          }
          m.extra = new Range(first.doubleValue(), last.doubleValue());
          return first.doubleValue() < last.doubleValue() ? resume.run(m) : null;
        };
    return compiler
        .value(arguments.get(1), scope, start)
        .then(second -> compiler.value(arguments.get(0), scope, swap(second)))
        .map(Ops::aside);
  }

  private static Op swap(Op next) {
    return m -> {
      Json input = (Json) m.stack.value();
      m.push(m.value);
      m.value = input;
      return next;
    };
  }
}
