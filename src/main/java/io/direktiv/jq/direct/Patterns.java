package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.syntax.Node;
import io.direktiv.jq.syntax.Node.Pattern;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/// Translates destructuring whose keys are constant.
final class Patterns {
  private Patterns() {}

  /// `names` with the variables of `pattern`; gives up at one that is nested too deep.
  static Names declare(Pattern pattern, Names names, Names.Unit unit) {
    return declare(pattern, names, unit, 0);
  }

  private static Names declare(Pattern pattern, Names names, Names.Unit unit, int depth) {
    if (depth > Translator.NESTING_MAX) {
      throw Code.GivenUp.SIGNAL;
    }
    Names bound = names;
    switch (pattern) {
      case Pattern.Name(String name) -> bound = Names.variable(bound, name, unit);
      case Pattern.Elements(List<Pattern> elements) -> {
        for (Pattern element : elements) {
          bound = declare(element, bound, unit, depth + 1);
        }
      }
      case Pattern.Members(List<Node.PatternMember> members) -> {
        for (Node.PatternMember member : members) {
          if (member.variable() != null) {
            bound = Names.variable(bound, member.variable(), unit);
          }
          bound = member.value() == null ? bound : declare(member.value(), bound, unit, depth + 1);
        }
      }
    }
    return bound;
  }

  static Loops.Binder binder(Pattern pattern, Names bound) {
    return switch (pattern) {
      case Pattern.Name(String name) -> slot(name, bound);
      case Pattern.Elements(List<Pattern> elements) -> elements(elements, bound);
      case Pattern.Members(List<Node.PatternMember> members) -> members(members, bound);
    };
  }

  private static Loops.Binder slot(String name, Names bound) {
    return new Loops.Binder.Slot(Names.find(bound, "$" + name).slot);
  }

  /// A binder that goes `depth` calls deep.
  private record Nested(Loops.Binder binder, int depth) implements Loops.Binder {
    /// @param own the calls of `binder` itself
    static Nested of(int own, List<Loops.Binder> inner, Loops.Binder binder) {
      int deepest = inner.stream().mapToInt(Loops.Binder::depth).max().orElse(0);
      return new Nested(binder, 1 + own + deepest);
    }

    @Override
    public void bind(Run run, Code.Frame frame, Json value) {
      binder.bind(run, frame, value);
    }
  }

  private static Loops.Binder elements(List<Pattern> elements, Names bound) {
    List<Loops.Binder> binders = new ArrayList<>();
    elements.forEach(element -> binders.add(binder(element, bound)));
    return Nested.of(
        Code.SINK,
        binders,
        (run, frame, whole) -> {
          for (int i = 0; i < binders.size(); i++) {
            JsonNumber index = JsonNumber.of((long) i);
            if (!(whole instanceof JsonArray) && whole != Json.NULL) {
              throw Values.cannotIndex(whole, index);
            }
            binders.get(i).bind(run, frame, Values.index(whole, index, run.budget));
          }
        });
  }

  private static Loops.Binder members(List<Node.PatternMember> members, Names bound) {
    List<Loops.Binder> binders = new ArrayList<>();
    for (Node.PatternMember member : members) {
      if (!(member.key() instanceof Node.Literal(JsonString key))) {
        throw Code.GivenUp.SIGNAL;
      }
      Loops.Binder variable = member.variable() == null ? null : slot(member.variable(), bound);
      Loops.Binder inner = member.value() == null ? null : binder(member.value(), bound);
      List<Loops.Binder> nested = inner == null ? List.of() : List.of(inner);
      binders.add(
          Nested.of(
              Code.SINK,
              nested,
              (run, frame, whole) -> {
                Json value = Values.index(whole, key, run.budget);
                if (variable != null) {
                  variable.bind(run, frame, value);
                }
                if (inner != null) {
                  inner.bind(run, frame, value);
                }
              }));
    }
    return Nested.of(
        Code.SINK,
        binders,
        (run, frame, whole) -> {
          for (Loops.Binder binder : binders) {
            binder.bind(run, frame, whole);
          }
        });
  }
}
