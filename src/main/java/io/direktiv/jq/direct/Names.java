package io.direktiv.jq.direct;

import io.direktiv.jq.syntax.Node;

/// The names that a part can see. Immutable: a binding makes new names in front of these.
final class Names {
  /// The most variables of one function: a name is looked for among all of them.
  private static final int VARIABLES_MAX = 500;

  /// Where variables live: one call of a function.
  static final class Unit {
    final Unit outer;
    final int level;
    int size;

    Unit(Unit outer) {
      this.outer = outer;
      this.level = outer == null ? 0 : outer.level + 1;
    }

    boolean isIn(Unit other) {
      for (Unit at = other; at != null; at = at.outer) {
        if (at == this) {
          return true;
        }
      }
      return false;
    }
  }

  final Names before;
  final String name;

  /// Where a variable is; the level of a parameter is how many functions its caller is inside of.
  final int level;

  final int slot;

  /// A function that is defined here and sees itself, or null.
  final Node.Function function;

  /// What a parameter stands for, among the names of the caller; or null.
  final Node argument;

  final Names caller;

  private Names(
      Names before,
      String name,
      int level,
      int slot,
      Node.Function function,
      Node argument,
      Names caller) {
    this.before = before;
    this.name = name;
    this.level = level;
    this.slot = slot;
    this.function = function;
    this.argument = argument;
    this.caller = caller;
  }

  static Names variable(Names before, String name, Unit unit) {
    if (unit.size >= VARIABLES_MAX) {
      throw Code.GivenUp.SIGNAL;
    }
    return new Names(before, "$" + name, unit.level, unit.size++, null, null, null);
  }

  static Names function(Names before, Node.Function function) {
    String name = function.name() + "/" + function.parameters().size();
    return new Names(before, name, 0, 0, function, null, null);
  }

  /// @param nested how many functions the caller is inside of
  static Names parameter(Names before, String name, Node argument, Names caller, int nested) {
    return new Names(before, name + "/0", nested, 0, null, argument, caller);
  }

  /// The innermost meaning of `name`, or null.
  static Names find(Names from, String name) {
    for (Names at = from; at != null; at = at.before) {
      if (at.name.equals(name)) {
        return at;
      }
    }
    return null;
  }
}
