package io.direktiv.jq.machine;

import io.direktiv.jq.machine.Machine.Attempt;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import java.util.List;
import java.util.Optional;

/// Compiles variables, labels and what binds them: `as`, `reduce`, `foreach`.
final class Bindings {
  private final Compiler compiler;

  Bindings(Compiler compiler) {
    this.compiler = compiler;
  }

  Build variable(String name, int at, Scope scope, Op next) {
    int end = at + 1 + name.length();
    Optional<Scope.Place> place = scope.variable(name);
    if (place.isEmpty() && name.equals("ENV")) {
      return Build.done(m -> {
        m.value = m.host.environment();
        return next;
      });
    }
    if (place.isEmpty()) {
      return compiler.unknown(
          "$" + name + " is not defined", () -> Suggestions.ofVariable(name, scope), at, end);
    }
    int up = place.get().up();
    int slot = place.get().slot();
    return Build.done(m -> {
      m.value = (Json) m.frame(up).slots[slot];
      return next;
    });
  }

  Build label(Node.Label node, Scope scope, Op next, boolean isPath) {
    Scope inner = scope.bind("*" + node.name());
    int slot = inner.slot();
    return compiler
        .compile(node.body(), inner, next, isPath)
        .map(body ->
            m -> {
              Object label = new Object();
              m.frame.slots[slot] = label;
              m.label(label);
              return body;
            });
  }

  Build breakTo(Node.Break node, Scope scope) {
    String name = node.name();
    Optional<Scope.Place> place = scope.variable("*" + name);
    if (place.isEmpty()) {
      return compiler.unknown(
          "$*label-" + name + " is not defined",
          () -> "write 'label $" + name + " | …' around what it ends",
          node.at(),
          node.end());
    }
    int up = place.get().up();
    int slot = place.get().slot();
    return Build.done(m -> {
      throw new Machine.BreakSignal(m.frame(up).slots[slot]);
    });
  }

  Build reduce(Node.Reduce node, Scope scope, Op next, boolean isPath) {
    Scope inner = scope.bind("*state");
    int slot = inner.slot();
    Scope bound = Patterns.declare(node.pattern(), inner);
    Op done = Ops.takeState(slot, next);
    return compiler
        .compile(node.update(), bound, Ops.keepState(slot, null), isPath)
        .then(
            update -> Patterns.match(compiler, node.pattern(), bound, Ops.takeState(slot, update)))
        .then(match -> compiler.value(node.source(), inner, match))
        .then(source -> {
          Op start =
              m -> {
                m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
                Ops.restoreInput(m);
                m.fork(done);
                return source;
              };
          return compiler.compile(node.initial(), inner, start, isPath);
        })
        .map(Ops::aside);
  }

  Build foreach(Node.Foreach node, Scope scope, Op next, boolean isPath) {
    Scope inner = scope.bind("*state");
    int slot = inner.slot();
    Scope bound = Patterns.declare(node.pattern(), inner);
    return compiler
        .compile(node.extract(), bound, next, isPath)
        .then(
            extract -> compiler.compile(node.update(), bound, Ops.keepState(slot, extract), isPath))
        .then(
            update -> Patterns.match(compiler, node.pattern(), bound, Ops.takeState(slot, update)))
        .then(match -> compiler.value(node.source(), inner, match))
        .then(source -> {
          Op start =
              m -> {
                m.frame.slots[slot] = new Machine.Cons(m.value, m.path, null);
                Ops.restoreInput(m);
                return source;
              };
          return compiler.compile(node.initial(), inner, start, isPath);
        })
        .map(Ops::aside);
  }

  Build bind(Node.Bind node, Scope scope, Op next, boolean isPath) {
    if (node.patterns().size() > 1) {
      return alternatives(node, scope, next, isPath);
    }
    Node.Pattern pattern = node.patterns().getFirst();
    Scope bound = Patterns.declare(pattern, scope);
    return compiler
        .compile(node.body(), bound, next, isPath)
        .then(body -> Patterns.match(compiler, pattern, bound, Ops.back(body)))
        .then(match -> compiler.value(node.source(), scope, match))
        .map(Ops::aside);
  }

  /// `?//`: an error of one pattern, or of the body behind it, tries the next; the last one's
  /// stays.
  private Build alternatives(Node.Bind node, Scope scope, Op next, boolean isPath) {
    Scope declared = scope;
    for (Node.Pattern pattern : node.patterns()) {
      declared = Patterns.declare(pattern, declared);
    }
    Scope bound = declared;
    int[] slots = Patterns.slots(node.patterns(), bound);
    return compiler
        .compile(node.body(), bound, next, isPath)
        .then(body -> first(node.patterns(), 0, bound, slots, Ops.back(body)))
        .then(op -> compiler.value(node.source(), scope, op))
        .map(Ops::aside);
  }

  private Build first(List<Node.Pattern> patterns, int at, Scope bound, int[] slots, Op body) {
    Build match =
        Patterns.match(compiler, patterns.get(at), bound, body)
            .map(op -> Patterns.clear(slots, op));
    if (at == patterns.size() - 1) {
      return match;
    }
    return new Build.Later(() -> first(patterns, at + 1, bound, slots, body))
        .then(other ->
            match.map(op ->
                m -> {
                  m.attempt(new Attempt(other, null));
                  return op;
                }));
  }
}
