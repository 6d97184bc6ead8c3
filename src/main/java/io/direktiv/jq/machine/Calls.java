package io.direktiv.jq.machine;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.machine.Machine.Frame;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compiles definitions and calls of functions.
final class Calls {
  private final Compiler compiler;

  Calls(Compiler compiler) {
    this.compiler = compiler;
  }

  boolean isOf(Compiler other) {
    return compiler == other;
  }

  /// A scope in which `function` is defined; its body is compiled when it is called.
  Scope define(Node.Function function, Scope scope) {
    Scope.Definition definition = new Scope.Definition(this, function);
    Scope inner = scope.define(function.name(), function.parameters().size(), definition);
    definition.scope = inner;
    return inner;
  }

  /// Compiles the body of a definition.
  Op body(Scope.Definition definition, boolean isPath) {
    Scope scope = definition.scope.enter(definition.unit);
    List<String> values = new ArrayList<>();
    List<String> parameters = definition.function.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      if (parameter.startsWith("$")) {
        parameter = parameter.substring(1);
        values.add(parameter);
      }
      scope = scope.parameter(parameter, i);
    }
    Node body = definition.function.body();
    for (String name : values.reversed()) {
      body =
          new Node.Bind(
              new Node.Call(name, List.of(), 0), List.of(new Node.Pattern.Name(name)), body);
    }
    return Build.run(compiler.compile(body, scope, Op.RETURN, isPath));
  }

  Build call(Node.Call node, Scope scope, Op next, boolean isPath) {
    int arity = node.arguments().size();
    Optional<Scope.Callee> callee =
        scope
            .function(node.name(), arity)
            .or(() -> builtin(node.name(), arity))
            .filter(found -> isGranted(found, node.name() + "/" + arity));
    if (callee.isEmpty()) {
      return compiler.unknown(
          node.name() + "/" + arity + " is not defined",
          () -> Suggestions.ofFunction(node, scope, compiler.options()),
          node.at(),
          node.at() + node.name().length());
    }
    return switch (callee.get()) {
      case Scope.Callee.Parameter(int up, int slot) ->
          Build.done(invoke(up, slot, compiler.place(node.at()), next, isPath));
      case Scope.Callee.Defined(Scope.Definition definition, int up) ->
          Build.done(defined(definition, up, node, scope, next, isPath));
      case Scope.Callee.Native(Natives.Function function) ->
          arguments(node, scope, function, isPath ? Ops.nowhere(next) : next);
      case Scope.Callee.Special(Specials.Form form) ->
          form.compile(compiler, node.arguments(), scope, next, isPath);
    };
  }

  private boolean isGranted(Scope.Callee callee, String key) {
    boolean isOwn =
        callee instanceof Scope.Callee.Parameter
            || callee instanceof Scope.Callee.Defined(Scope.Definition definition, int _)
                && !definition.calls.compiler.isPrelude();
    return isOwn || Hosted.isGranted(key, compiler.options());
  }

  private static Optional<Scope.Callee> builtin(String name, int arity) {
    if (Specials.find(name, arity) instanceof Specials.Form form) {
      return Optional.of(new Scope.Callee.Special(form));
    }
    if (Natives.find(name, arity) instanceof Natives.Function function) {
      return Optional.of(new Scope.Callee.Native(function));
    }
    return Optional.empty();
  }

  /// Evaluates the arguments, the last one first, and applies the function.
  private Build arguments(Node.Call call, Scope scope, Natives.Function function, Op next) {
    List<Node> nodes = call.arguments();
    int count = nodes.size();
    int at = compiler.place(call.at());
    if (count == 0) {
      return Build.done(m -> {
        m.value = apply(function, m, m.value, Natives.NO_ARGUMENTS, at);
        return next;
      });
    }
    Op apply =
        m -> {
          Json[] arguments = new Json[count];
          arguments[0] = m.value;
          for (int i = 1; i < count; i++) {
            arguments[i] = (Json) m.pop();
          }
          Json input = (Json) m.pop();
          m.value = apply(function, m, input, arguments, at);
          return next;
        };
    Build build = Build.done(apply);
    for (int i = 0; i < count; i++) {
      Node node = nodes.get(i);
      int before = count - 1 - i;
      build = build.then(after -> argument(node, scope, after, before));
    }
    return build.map(first ->
        m -> {
          m.push(m.value);
          return first;
        });
  }

  private static Json apply(
      Natives.Function function, Machine m, Json input, Json[] arguments, int at) {
    try {
      return function.apply(input, arguments, m.budget);
    } catch (QueryException e) {
      throw e.at(at);
    }
  }

  /// Evaluates one argument over the input, which lies below `before` finished ones.
  private Build argument(Node node, Scope scope, Op next, int before) {
    return compiler
        .value(node, scope, next)
        .map(body ->
            m -> {
              if (before > 0) {
                m.push(m.value);
              }
              Machine.Cons at = m.stack;
              for (int i = 0; i < before; i++) {
                at = at.rest();
              }
              m.value = (Json) at.value();
              return body;
            });
  }

  private static Op invoke(int up, int slot, int at, Op next, boolean isPath) {
    return m -> {
      Scope.Closure closure = (Scope.Closure) m.frame(up).slots[slot];
      Op entry = closure.definition().entry(isPath);
      m.enter(next, new Frame(closure.frame(), closure.definition().unit.size), at);
      return entry;
    };
  }

  private Op defined(
      Scope.Definition definition, int up, Node.Call node, Scope scope, Op next, boolean isPath) {
    int count = node.arguments().size();
    List<Ops.Argument> arguments = new ArrayList<>();
    for (Node argument : node.arguments()) {
      arguments.add(closure(argument, scope));
    }
    Ops.Argument[] closures = arguments.toArray(Ops.Argument[]::new);
    int at = compiler.place(node.at());
    compiler.check(definition);
    return m -> {
      Op entry = definition.entry(isPath);
      Frame callee = new Frame(m.frame(up), definition.unit.size);
      for (int i = 0; i < count; i++) {
        callee.slots[i] = closures[i].close(m.frame);
      }
      m.enter(next, callee, at);
      return entry;
    };
  }

  /// An argument as a closure; a parameter that is passed on is passed on as it is.
  private Ops.Argument closure(Node argument, Scope scope) {
    if (argument instanceof Node.Call(String name, List<Node> none, int _)
        && none.isEmpty()
        && scope.function(name, 0).orElse(null)
            instanceof Scope.Callee.Parameter(int up, int slot)) {
      return frame -> {
        Frame at = frame;
        for (int i = 0; i < up; i++) {
          at = at.parent;
        }
        return (Scope.Closure) at.slots[slot];
      };
    }
    Scope.Definition definition =
        new Scope.Definition(this, new Node.Function("", List.of(), argument));
    definition.scope = scope;
    compiler.check(definition);
    return frame -> new Scope.Closure(definition, frame);
  }
}
