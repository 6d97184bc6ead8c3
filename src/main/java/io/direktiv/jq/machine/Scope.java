package io.direktiv.jq.machine;

import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.machine.Machine.Frame;
import io.direktiv.jq.syntax.Node;
import java.util.HashMap;
import java.util.Map;
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

  /// A search in more names than this goes by indexes of so many each, and of their square.
  private static final int BLOCK = 64;

  private final Scope parent;
  private final int length;

  /// The innermost meaning of the names of this scope and of those around it, as far as it reaches;
  /// made when it is first searched.
  private volatile Map<String, Scope> index;

  /// What the index does not have; written before it.
  private Scope beyond;

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
    this.length = parent == null ? 1 : parent.length + 1;
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
    Scope found = find("$" + variable);
    return found == null
        ? Optional.empty()
        : Optional.of(new Place(level - found.level, found.slot));
  }

  /// The innermost scope that has this name, or null.
  private Scope find(String wanted) {
    Scope at = this;
    while (at != null) {
      if (at.length % BLOCK != 0) {
        if (at.name.equals(wanted)) {
          return at;
        }
        at = at.parent;
        continue;
      }
      Scope found = at.index().get(wanted);
      if (found != null) {
        return found;
      }
      at = at.beyond;
    }
    return null;
  }

  private Map<String, Scope> index() {
    Map<String, Scope> made = index;
    if (made == null) {
      made = new HashMap<>();
      Scope at = this;
      int reach = length % (BLOCK * BLOCK) == 0 ? BLOCK * BLOCK : BLOCK;
      for (int i = 0; i < reach; i++) {
        made.putIfAbsent(at.name, at);
        at = at.parent;
      }
      beyond = at;
      index = made;
    }
    return made;
  }

  Optional<Callee> function(String function, int arity) {
    Scope found = find(function + "/" + arity);
    if (found == null) {
      return Optional.empty();
    }
    int up = level - found.level;
    return Optional.of(
        found.isParameter
            ? new Callee.Parameter(up, found.slot)
            : new Callee.Defined(found.definition, up));
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
