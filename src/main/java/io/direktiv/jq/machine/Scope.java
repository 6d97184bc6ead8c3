package io.direktiv.jq.machine;

import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.machine.Machine.Frame;
import io.direktiv.jq.syntax.Node;
import java.util.Optional;

/// The names that an expression can see. Immutable: a binding makes a new scope in front of this
/// one.
final class Scope {
  /// The variables of one function: how many slots its frames need.
  static final class Unit {
    volatile int size;

    Unit() {}

    Unit(int parameters) {
      this.size = parameters;
    }

    synchronized int slot() {
      return size++;
    }
  }

  /// A function as it is defined, compiled when it is first called.
  static final class Definition {
    final Calls calls;
    final Node.Function function;
    final Unit unit;
    Scope scope;
    private volatile Op valueEntry;
    private volatile Op pathEntry;
    private boolean isChecked;

    Definition(Calls calls, Node.Function function) {
      this.calls = calls;
      this.function = function;
      this.unit = new Unit(function.parameters().size());
    }

    /// True when this is asked for the first time.
    boolean isUnchecked() {
      boolean isFirst = !isChecked;
      isChecked = true;
      return isFirst;
    }

    Op entry(boolean isPath) {
      Op entry = isPath ? pathEntry : valueEntry;
      return entry != null ? entry : compile(isPath);
    }

    private synchronized Op compile(boolean isPath) {
      Op entry = isPath ? pathEntry : valueEntry;
      if (entry == null) {
        entry = calls.body(this, isPath);
        if (isPath) {
          pathEntry = entry;
        } else {
          valueEntry = entry;
        }
      }
      return entry;
    }
  }

  /// A function with the frame it was made in.
  record Closure(Definition definition, Frame frame) {}

  /// What a name with arguments stands for.
  sealed interface Callee {
    record Parameter(int up, int slot) implements Callee {}

    record Defined(Definition definition, int up) implements Callee {}

    record Native(Natives.Function function) implements Callee {}

    record Special(Specials.Form form) implements Callee {}
  }

  /// Where a variable is found: how many frames out, and its slot there.
  record Place(int up, int slot) {}

  private final Scope parent;
  private final Unit unit;
  private final int level;
  private final String name;
  private final int slot;
  private final Definition definition;
  private final boolean isParameter;

  private Scope(Scope parent, Unit unit, int level, String name, int slot, Definition definition) {
    this(parent, unit, level, name, slot, definition, false);
  }

  private Scope(
      Scope parent,
      Unit unit,
      int level,
      String name,
      int slot,
      Definition definition,
      boolean isParameter) {
    this.parent = parent;
    this.unit = unit;
    this.level = level;
    this.name = name;
    this.slot = slot;
    this.definition = definition;
    this.isParameter = isParameter;
  }

  /// The outermost scope, for the prelude.
  static Scope root() {
    return new Scope(null, new Unit(), 0, "", -1, null);
  }

  /// The scope of a query, inside `outer`.
  Scope(Unit unit, Scope outer) {
    this(outer, unit, outer.level + 1, "", -1, null);
  }

  Scope enter(Unit inner) {
    return new Scope(this, inner, level + 1, "", -1, null);
  }

  Scope bind(String variable) {
    return new Scope(this, unit, level, "$" + variable, unit.slot(), null);
  }

  Scope parameter(String function, int index) {
    return new Scope(this, unit, level, function + "/0", index, null, true);
  }

  Scope define(String function, int arity, Definition made) {
    return new Scope(this, unit, level, function + "/" + arity, -1, made);
  }

  int slot() {
    return slot;
  }

  /// What the innermost name is defined as.
  Definition definition() {
    return definition;
  }

  Optional<Place> variable(String variable) {
    String wanted = "$" + variable;
    for (Scope at = this; at != null; at = at.parent) {
      if (at.name.equals(wanted)) {
        return Optional.of(new Place(level - at.level, at.slot));
      }
    }
    return Optional.empty();
  }

  Optional<Callee> function(String function, int arity) {
    String wanted = function + "/" + arity;
    for (Scope at = this; at != null; at = at.parent) {
      if (at.name.equals(wanted)) {
        return Optional.of(
            at.isParameter
                ? new Callee.Parameter(level - at.level, at.slot)
                : new Callee.Defined(at.definition, level - at.level));
      }
    }
    return Optional.empty();
  }

  /// The names of all variables in sight, without `$`.
  java.util.Set<String> variables() {
    java.util.Set<String> names = new java.util.TreeSet<>();
    for (Scope at = this; at != null; at = at.parent) {
      if (at.name.startsWith("$") && !at.name.startsWith("$*")) {
        names.add(at.name.substring(1));
      }
    }
    return names;
  }

  /// The names of all functions in sight, as `name/arity`.
  java.util.Set<String> functions() {
    java.util.Set<String> names = new java.util.TreeSet<>();
    for (Scope at = this; at != null; at = at.parent) {
      if (at.name.contains("/") && !at.name.startsWith("_")) {
        names.add(at.name);
      }
    }
    return names;
  }
}
