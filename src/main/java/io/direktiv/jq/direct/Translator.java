package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Formats;
import io.direktiv.jq.builtins.Natives;
import io.direktiv.jq.builtins.Values;
import io.direktiv.jq.direct.Code.Outputs;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Translates a query's tree into [Code].
///
/// A function that does not call itself is translated anew wherever it is called, with its
/// arguments in their places, so that nothing is left of the call and every part is known for what
/// it is. The translator gives up ([Code.GivenUp]) at what it cannot do, and at queries that are
/// nested or grow beyond its limits.
final class Translator {
  /// The deepest nesting that is translated, which bounds the host's stack while translating.
  static final int NESTING_MAX = 80;

  /// The most parts of one query.
  private static final int PARTS_MAX = 4_000;

  private final Functions functions;
  private final PlaceTranslator places = new PlaceTranslator(this);
  private int nesting;
  private int parts;

  Translator(Map<String, Node.Function> prelude) {
    this.functions = new Functions(this, prelude);
  }

  Functions functions() {
    return functions;
  }

  PlaceTranslator places() {
    return places;
  }

  /// Translates `node`.
  Code code(Node node, Names names, Names.Unit unit) {
    enter();
    Code code = translated(node, names, unit);
    leave();
    return code;
  }

  void enter() {
    parts++;
    nesting++;
    if (nesting > NESTING_MAX || parts > PARTS_MAX) {
      throw Code.GivenUp.SIGNAL;
    }
  }

  void leave() {
    nesting--;
  }

  private Code translated(Node node, Names names, Names.Unit unit) {
    return switch (node) {
      case Node.Identity _ -> new Access.Identity();
      case Node.RecurseAll _ -> new Structures.Everything();
      case Node.Literal(Json value) -> new Access.Constant(value);
      case Node.Interpolation text -> interpolation(text, names, unit);
      case Node.Format format -> format(format);
      case Node.Index index -> index(index, names, unit);
      case Node.Slice slice -> slice(slice, names, unit);
      case Node.Iterate iterate -> new Access.Iterate(code(iterate.target(), names, unit));
      case Node.Try attempt -> attempt(attempt, names, unit);
      case Node.ArrayOf(Node body) -> array(body, names, unit);
      case Node.ObjectOf object -> object(object, names, unit);
      case Node.Pipe(Node left, Node right) ->
          new Flow.Pipe(code(left, names, unit), code(right, names, unit));
      case Node.Comma(Node left, Node right) ->
          new Flow.Comma(code(left, names, unit), code(right, names, unit));
      case Node.Binary binary ->
          new Operators.Binary(
              code(binary.left(), names, unit),
              code(binary.right(), names, unit),
              Operators.of(binary.operator()));
      case Node.Negate negate -> negate(code(negate.operand(), names, unit));
      case Node.And(Node left, Node right) ->
          new Operators.Logic(code(left, names, unit), code(right, names, unit), false);
      case Node.Or(Node left, Node right) ->
          new Operators.Logic(code(left, names, unit), code(right, names, unit), true);
      case Node.Alternative(Node left, Node right) ->
          new Flow.Alternative(code(left, names, unit), code(right, names, unit));
      case Node.Update update -> update(update, names, unit);
      case Node.If conditional ->
          new Flow.If(
              code(conditional.condition(), names, unit),
              code(conditional.then(), names, unit),
              code(conditional.otherwise(), names, unit));
      case Node.Reduce reduce -> reduce(reduce, names, unit);
      case Node.Foreach foreach -> foreach(foreach, names, unit);
      case Node.Bind bind -> bind(bind, names, unit);
      case Node.Variable variable -> variable(variable.name(), names, unit);
      case Node.Call call -> functions.call(call, names, unit);
      case Node.Define(Node.Function function, Node body) ->
          code(body, Names.function(names, function), unit);
      case Node.Label label -> label(label, names, unit);
      case Node.Break end -> {
        Names place = known(Names.find(names, "$*" + end.name()));
        yield new Flow.Break(unit.level - place.level, place.slot);
      }
    };
  }

  /// Gives up where something is not there.
  static <T> T known(T thing) {
    if (thing == null) {
      throw Code.GivenUp.SIGNAL;
    }
    return thing;
  }

  static Code single(Code code) {
    return known(code.isMany() ? null : code);
  }

  static Code exactlyOne(Code code) {
    return known(code.isOne() ? code : null);
  }

  private Code interpolation(Node.Interpolation text, Names names, Names.Unit unit) {
    Code[] parts = new Code[text.parts().size()];
    String[] literals = new String[parts.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = exactlyOne(code(text.parts().get(i), names, unit));
      if (text.parts().get(i) instanceof Node.Literal(JsonString(String literal))) {
        literals[i] = literal;
      }
    }
    if (text.format() != null && !Formats.isKnown(text.format())) {
      throw Code.GivenUp.SIGNAL;
    }
    return new Builders.Text(text.format(), parts, literals);
  }

  private static Code format(Node.Format format) {
    return new Builders.Formatted(known(Formats.isKnown(format.name()) ? format.name() : null));
  }

  private Code index(Node.Index index, Names names, Names.Unit unit) {
    Code target = code(index.target(), names, unit);
    Code key = code(index.key(), names, unit);
    if (key instanceof Access.Constant constant) {
      return constant.value instanceof JsonString name
          ? new Access.Field(target, name)
          : new Access.Element(target, constant.value);
    }
    return Access.index(target, key);
  }

  private Code slice(Node.Slice slice, Names names, Names.Unit unit) {
    return new Access.Slice(
        exactlyOne(code(slice.target(), names, unit)),
        exactlyOne(orNull(slice.from(), names, unit)),
        exactlyOne(orNull(slice.to(), names, unit)));
  }

  private Code orNull(Node node, Names names, Names.Unit unit) {
    return node == null ? new Access.Constant(Json.NULL) : code(node, names, unit);
  }

  private Code attempt(Node.Try attempt, Names names, Names.Unit unit) {
    if (attempt.handler() == null) {
      if (attempt.body() instanceof Node.Iterate(Node.Identity _, int _)) {
        return new Access.SoftIterate();
      }
      List<String> fields = fields(attempt.body());
      if (!fields.isEmpty()) {
        return new Access.Soft(fields.toArray(String[]::new));
      }
    }
    Code body = code(attempt.body(), names, unit);
    Code handler =
        attempt.handler() == null ? new Flow.Empty() : code(attempt.handler(), names, unit);
    return new Flow.Try(body, handler);
  }

  /// The names in a chain of members like `.a.b`; empty for anything else.
  private static List<String> fields(Node node) {
    LinkedList<String> fields = new LinkedList<>();
    Node at = node;
    while (at instanceof Node.Index(Node target, Node.Literal(JsonString(String name)), int _)) {
      fields.addFirst(name);
      at = target;
    }
    return at instanceof Node.Identity ? fields : List.of();
  }

  private Code array(Node body, Names names, Names.Unit unit) {
    if (body instanceof Node.Pipe(Node.Iterate(Node target, int _), Node each)) {
      Code from = code(target, names, unit);
      Code part = code(each, names, unit);
      if (from.isOne() && !part.isMany()) {
        return new Builders.Mapped(from, part);
      }
      return new Builders.Collect(new Flow.Pipe(new Access.Iterate(from), part));
    }
    return new Builders.Collect(code(body, names, unit));
  }

  private Code object(Node.ObjectOf object, Names names, Names.Unit unit) {
    int size = object.members().size();
    Code[] keys = new Code[size];
    Code[] values = new Code[size];
    Code[] parts = new Code[2 * size];
    String[] fixed = new String[size];
    Set<String> seen = new HashSet<>();
    Outputs outputs = Outputs.ONE;
    for (int i = 0; i < size; i++) {
      keys[i] = code(object.members().get(i).key(), names, unit);
      values[i] = code(object.members().get(i).value(), names, unit);
      parts[2 * i] = keys[i];
      parts[2 * i + 1] = values[i];
      outputs = outputs.or(keys[i].outputs).or(values[i].outputs);
      boolean isFixed =
          fixed != null
              && keys[i] instanceof Access.Constant constant
              && constant.value instanceof JsonString(String name)
              && seen.add(name);
      if (isFixed) {
        fixed[i] = ((JsonString) ((Access.Constant) keys[i]).value).value();
      } else {
        fixed = null;
      }
    }
    return new Builders.Construct(outputs, keys, values, fixed, parts);
  }

  private static Code negate(Code operand) {
    return operand instanceof Access.Constant constant && constant.value instanceof JsonNumber
        ? new Access.Constant(Values.negate(constant.value))
        : new Operators.Negate(operand);
  }

  private Code update(Node.Update update, Names names, Names.Unit unit) {
    String operator = update.operator();
    if (operator.equals("=")) {
      Code value = code(update.right(), names, unit);
      return new Updates.Assign(places.place(update.left(), names, unit), value);
    }
    if (operator.equals("|=")) {
      Place place = places.place(update.left(), names, unit);
      return new Updates.Modify(place, firstOf(code(update.right(), names, unit)));
    }
    Code operand = code(update.right(), names, unit);
    Names bound = Names.variable(names, "*operand", unit);
    Code variable = new Access.Variable(0, bound.slot);
    String plain = operator.substring(0, operator.length() - 1);
    Code combined =
        plain.equals("//")
            ? new Flow.Alternative(new Access.Identity(), variable)
            : new Operators.Binary(new Access.Identity(), variable, Operators.of(plain));
    Code modify = new Updates.Modify(places.place(update.left(), names, unit), combined);
    return new Loops.Bind(operand, new Loops.Binder.Slot(bound.slot), modify);
  }

  private static Code firstOf(Code code) {
    return code.isMany() ? new Loops.First(code) : code;
  }

  private Code reduce(Node.Reduce reduce, Names names, Names.Unit unit) {
    Code source = code(reduce.source(), names, unit);
    Code initial = single(code(reduce.initial(), names, unit));
    Names bound = Patterns.declare(reduce.pattern(), names, unit);
    Loops.Binder binder = Patterns.binder(reduce.pattern(), bound);
    return new Loops.Reduce(source, binder, initial, code(reduce.update(), bound, unit));
  }

  private Code foreach(Node.Foreach foreach, Names names, Names.Unit unit) {
    Code source = code(foreach.source(), names, unit);
    Code initial = single(code(foreach.initial(), names, unit));
    Names bound = Patterns.declare(foreach.pattern(), names, unit);
    Loops.Binder binder = Patterns.binder(foreach.pattern(), bound);
    Code update = code(foreach.update(), bound, unit);
    Code extract =
        foreach.extract() == null ? new Access.Identity() : code(foreach.extract(), bound, unit);
    return new Loops.Foreach(source, binder, initial, update, extract);
  }

  private Code bind(Node.Bind bind, Names names, Names.Unit unit) {
    Node.Pattern pattern = known(bind.patterns().size() == 1 ? bind.patterns().getFirst() : null);
    Code source = code(bind.source(), names, unit);
    Names bound = Patterns.declare(pattern, names, unit);
    return new Loops.Bind(source, Patterns.binder(pattern, bound), code(bind.body(), bound, unit));
  }

  Code variable(String name, Names names, Names.Unit unit) {
    Names place = known(Names.find(names, "$" + name));
    return new Access.Variable(unit.level - place.level, place.slot);
  }

  private Code label(Node.Label label, Names names, Names.Unit unit) {
    Names bound = Names.variable(names, "*" + label.name(), unit);
    return new Flow.Label(bound.slot, code(label.body(), bound, unit));
  }

  /// The builtin `name`, which needs only the values of its arguments.
  Code natively(String name, List<Node> arguments, Names names, Names.Unit unit) {
    Natives.Function function = known(Natives.find(name, arguments.size()));
    Code[] codes = new Code[arguments.size()];
    Outputs outputs = Outputs.ONE;
    for (int i = 0; i < codes.length; i++) {
      codes[i] = single(code(arguments.get(i), names, unit));
      outputs = outputs.or(codes[i].outputs);
    }
    return new Calls.Native(function, codes, outputs);
  }
}
