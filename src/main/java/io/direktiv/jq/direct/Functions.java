package io.direktiv.jq.direct;

import io.direktiv.jq.syntax.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Translates calls of functions.
final class Functions {
  /// How often a recursive function is translated until what it says of its outputs is true.
  private static final int ROUNDS_MAX = 3;

  private final Translator translator;
  private final Map<String, Node.Function> prelude;
  private final Map<String, Names> builtins = new HashMap<>();
  private final Map<Names, Made> made = new IdentityHashMap<>();
  private List<Node.Function> inlined = new ArrayList<>();

  private record Made(Calls.Function function, Names.Unit outer) {}

  Functions(Translator translator, Map<String, Node.Function> prelude) {
    this.translator = translator;
    this.prelude = prelude;
  }

  Code call(Node.Call call, Names names, Names.Unit unit) {
    String key = call.name() + "/" + call.arguments().size();
    Names found = Names.find(names, key);
    if (found == null) {
      Intrinsics.Form form = Intrinsics.find(key);
      Code code = form == null ? null : form.make(translator, call.arguments(), names, unit);
      if (code != null) {
        return code;
      }
      found = builtin(key);
    }
    if (found == null) {
      return translator.natively(call.name(), call.arguments(), names, unit);
    }
    if (found.argument != null) {
      List<Node.Function> here = toCaller(found);
      Code code = translator.code(found.argument, found.caller, unit);
      comeBack(here);
      return code;
    }
    return isRecursive(found.function)
        ? recursive(found, call.arguments(), names, unit)
        : inline(found, call.arguments(), names, unit);
  }

  /// An argument is part of the caller, and may call what the caller may; returns what to come back
  /// to.
  List<Node.Function> toCaller(Names parameter) {
    List<Node.Function> here = inlined;
    inlined = new ArrayList<>(here.subList(0, Math.min(here.size(), parameter.level)));
    return here;
  }

  void comeBack(List<Node.Function> here) {
    inlined = here;
  }

  /// A builtin that is written in jq, or null.
  Names builtin(String key) {
    Node.Function function = prelude.get(key);
    return function == null
        ? null
        : builtins.computeIfAbsent(key, _ -> Names.function(null, function));
  }

  /// The names that a function's body sees, its parameters standing for `arguments`.
  Names parameters(Names function, List<Node> arguments, Names caller) {
    int nested = inlined.size();
    Names inner = function.before == null ? null : function;
    List<String> parameters = function.function.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      String name = parameter.startsWith("$") ? parameter.substring(1) : parameter;
      inner = Names.parameter(inner, name, arguments.get(i), caller, nested);
    }
    return inner;
  }

  private Code inline(Names function, List<Node> arguments, Names names, Names.Unit unit) {
    Names inner = parameters(function, arguments, names);
    List<Loops.Binder> binders = new ArrayList<>();
    List<Code> values = new ArrayList<>();
    List<String> parameters = function.function.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).startsWith("$")) {
        values.add(translator.code(arguments.get(i), names, unit));
        inner = Names.variable(inner, parameters.get(i).substring(1), unit);
        binders.add(new Loops.Binder.Slot(inner.slot));
      }
    }
    begin(function.function);
    Code code = translator.code(function.function.body(), inner, unit);
    end();
    for (int i = values.size() - 1; i >= 0; i--) {
      code = new Loops.Bind(values.get(i), binders.get(i), code);
    }
    return code;
  }

  /// A function that is put in the place of a call of itself would never end.
  void begin(Node.Function function) {
    for (Node.Function each : inlined) {
      if (each == function) {
        throw Code.GivenUp.SIGNAL;
      }
    }
    inlined.add(function);
  }

  void end() {
    inlined.removeLast();
  }

  private Code recursive(Names function, List<Node> arguments, Names names, Names.Unit unit) {
    for (String parameter : function.function.parameters()) {
      Translator.known(parameter.startsWith("$") ? parameter : null);
    }
    Code[] values = new Code[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Translator.exactlyOne(translator.code(arguments.get(i), names, unit));
    }
    Made known = made.get(function);
    if (known == null || !known.outer.isIn(unit)) {
      known = make(function, unit);
    }
    return new Calls.Call(known.function, unit.level - (known.function.level - 1), values);
  }

  /// Supposes that the function has one output, and looks again when that turns out wrong.
  private Made make(Names function, Names.Unit outer) {
    Code.Outputs outputs = Code.Outputs.ONE;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Map<Names, Made> before = new IdentityHashMap<>(made);
      Names.Unit unit = new Names.Unit(outer);
      Calls.Function callee = new Calls.Function(unit.level);
      callee.outputs = outputs;
      Made result = new Made(callee, outer);
      made.put(function, result);
      callee.body = translator.code(function.function.body(), inside(function, unit), unit);
      callee.size = unit.size;
      if (callee.body.outputs == outputs) {
        callee.body = callee.body.last(callee);
        return result;
      }
      outputs = callee.body.outputs;
      made.clear();
      made.putAll(before);
    }
    throw Code.GivenUp.SIGNAL;
  }

  private static Names inside(Names function, Names.Unit unit) {
    Names inner = function.before == null ? null : function;
    List<String> names = new ArrayList<>();
    for (String parameter : function.function.parameters()) {
      names.add(parameter.substring(1));
      inner = Names.variable(inner, parameter.substring(1), unit);
    }
    for (String name : names) {
      inner = Names.parameter(inner, name, new Node.Variable(name, 0), inner, 0);
    }
    return inner;
  }

  /// True when a call of the function's name stands in its body.
  private static boolean isRecursive(Node.Function function) {
    Deque<Node> open = new ArrayDeque<>();
    open.push(function.body());
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (node instanceof Node.Call call
          && call.name().equals(function.name())
          && call.arguments().size() == function.parameters().size()) {
        return true;
      }
      Trees.parts(node).forEach(open::push);
    }
    return false;
  }
}
