package io.direktiv.jq.machine;

import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Node.Pattern;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Compiles destructuring.
final class Patterns {
  private Patterns() {}

  /// `scope` with the variables of `pattern`; one that the same binding has already is kept.
  static Scope declare(Pattern pattern, Scope scope) {
    Scope bound = scope;
    for (String name : names(pattern)) {
      bound = bound.bind(name);
    }
    return bound;
  }

  private static List<String> names(Pattern pattern) {
    List<String> names = new ArrayList<>();
    Deque<Pattern> open = new ArrayDeque<>();
    open.push(pattern);
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case Pattern.Name(String name) -> names.add(name);
        case Pattern.Elements(List<Pattern> elements) -> elements.reversed().forEach(open::push);
        case Pattern.Members(List<Node.PatternMember> members) -> {
          for (Node.PatternMember member : members.reversed()) {
            if (member.value() != null) {
              open.push(member.value());
            }
            if (member.variable() != null) {
              open.push(new Pattern.Name(member.variable()));
            }
          }
        }
      }
    }
    return names;
  }

  /// Where the variables of all alternatives are.
  static int[] slots(List<Pattern> patterns, Scope bound) {
    return patterns.stream()
        .flatMap(pattern -> names(pattern).stream())
        .distinct()
        .mapToInt(name -> bound.variable(name).orElseThrow().slot())
        .toArray();
  }

  /// Sets the variables in `slots` to null.
  static Op clear(int[] slots, Op next) {
    return m -> {
      for (int slot : slots) {
        m.frame.slots[slot] = Json.NULL;
      }
      return next;
    };
  }

  /// Takes the value apart into the variables of `pattern`, which `bound` has.
  static Build match(Compiler compiler, Pattern pattern, Scope bound, Op next) {
    return pattern instanceof Pattern.Name(String name)
        ? Build.done(set(bound, name, next))
        : new Build.Later(() -> parts(compiler, pattern, bound, next));
  }

  private static Build parts(Compiler compiler, Pattern pattern, Scope bound, Op next) {
    return switch (pattern) {
      case Pattern.Name(String name) -> Build.done(set(bound, name, next));
      case Pattern.Elements(List<Pattern> elements) -> elements(compiler, elements, bound, next);
      case Pattern.Members(List<Node.PatternMember> members) ->
          Build.chain(
                  members, drop(next), (member, after) -> member(compiler, member, bound, after))
              .map(Ops::aside);
    };
  }

  private static Op set(Scope bound, String name, Op next) {
    int slot = bound.variable(name).orElseThrow().slot();
    return m -> {
      m.frame.slots[slot] = m.value;
      return next;
    };
  }

  private static Build elements(Compiler compiler, List<Pattern> elements, Scope bound, Op next) {
    Build build = Build.done(drop(next));
    for (int i = elements.size() - 1; i >= 0; i--) {
      Pattern element = elements.get(i);
      JsonNumber index = JsonNumber.of((long) i);
      build =
          build
              .then(after -> match(compiler, element, bound, after))
              .map(after -> element(index, after));
    }
    return build.map(Ops::aside);
  }

  private static Op element(JsonNumber index, Op next) {
    return m -> {
      Json whole = (Json) m.stack.value();
      if (!(whole instanceof JsonArray) && whole != Json.NULL) {
        throw Values.cannotIndex(whole, index);
      }
      m.value = Values.index(whole, index, m.budget);
      return next;
    };
  }

  private static Build member(Compiler compiler, Node.PatternMember member, Scope bound, Op next) {
    Build inner =
        member.value() == null ? Build.done(next) : match(compiler, member.value(), bound, next);
    return inner
        .map(after -> member.variable() == null ? after : set(bound, member.variable(), after))
        .then(after -> compiler.value(member.key(), bound, key(after)))
        .map(run ->
            m -> {
              m.value = (Json) m.stack.value();
              return run;
            });
  }

  private static Op key(Op next) {
    return m -> {
      Json whole = (Json) m.stack.value();
      if (!(m.value instanceof JsonString)) {
        throw Values.cannotIndex(whole, m.value);
      }
      m.value = Values.index(whole, m.value, m.budget);
      return next;
    };
  }

  private static Op drop(Op next) {
    return m -> {
      m.stack = m.stack.rest();
      return next;
    };
  }
}
