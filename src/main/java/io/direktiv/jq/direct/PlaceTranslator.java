package io.direktiv.jq.direct;

import io.direktiv.jq.syntax.Node;
import java.util.List;

/// Translates what stands left of `|=` and in `path(f)` into [Place]s.
final class PlaceTranslator {
  private final Translator translator;

  PlaceTranslator(Translator translator) {
    this.translator = translator;
  }

  Place place(Node node, Names names, Names.Unit unit) {
    return place(node, names, unit, false);
  }

  /// @param isSoft that errors of access mean no place
  private Place place(Node node, Names names, Names.Unit unit, boolean isSoft) {
    translator.enter();
    Place place = translated(node, names, unit, isSoft);
    translator.leave();
    return place;
  }

  private Place translated(Node node, Names names, Names.Unit unit, boolean isSoft) {
    return switch (node) {
      case Node.Identity _ -> new Place.Here();
      case Node.RecurseAll _ when !isSoft -> new Place.Everywhere();
      case Node.Index index -> index(index, names, unit, isSoft);
      case Node.Iterate iterate ->
          new Place.All(place(iterate.target(), names, unit, isSoft), isSoft);
      case Node.Try attempt when attempt.handler() == null && isOneAccess(attempt.body()) ->
          place(attempt.body(), names, unit, true);
      case Node.Pipe(Node left, Node right) when !isSoft ->
          new Place.Then(place(left, names, unit), place(right, names, unit));
      case Node.Comma(Node left, Node right) when !isSoft ->
          new Place.Both(place(left, names, unit), place(right, names, unit));
      case Node.If conditional when !isSoft ->
          new Place.Choice(
              Translator.exactlyOne(translator.code(conditional.condition(), names, unit)),
              place(conditional.then(), names, unit),
              place(conditional.otherwise(), names, unit));
      case Node.Bind bind when !isSoft -> bind(bind, names, unit);
      case Node.Define(Node.Function function, Node body) when !isSoft ->
          place(body, Names.function(names, function), unit);
      case Node.Call call when !isSoft -> call(call, names, unit);
      default -> throw Code.GivenUp.SIGNAL;
    };
  }

  /// True when nothing but the last step can have many places: an error ends all of a `try`.
  private static boolean isOneAccess(Node node) {
    Node at = node instanceof Node.Iterate iterate ? iterate.target() : node;
    while (at instanceof Node.Index index && isConstant(index.key())) {
      at = index.target();
    }
    return at instanceof Node.Identity;
  }

  private static boolean isConstant(Node node) {
    return node instanceof Node.Literal || node instanceof Node.Negate(Node.Literal _, int _);
  }

  private Place index(Node.Index index, Names names, Names.Unit unit, boolean isSoft) {
    Place target = place(index.target(), names, unit, isSoft);
    Code key = Translator.single(translator.code(index.key(), names, unit));
    return new Place.At(target, key, isSoft);
  }

  private Place bind(Node.Bind bind, Names names, Names.Unit unit) {
    if (bind.patterns().size() != 1) {
      throw Code.GivenUp.SIGNAL;
    }
    Node.Pattern pattern = bind.patterns().getFirst();
    Code source = Translator.single(translator.code(bind.source(), names, unit));
    Names bound = Patterns.declare(pattern, names, unit);
    return new Place.Bound(
        source, Patterns.binder(pattern, bound), place(bind.body(), bound, unit));
  }

  private Place call(Node.Call call, Names names, Names.Unit unit) {
    String key = call.name() + "/" + call.arguments().size();
    Names found = Names.find(names, key);
    if (found == null) {
      Place builtin = builtin(key, call.arguments(), names, unit);
      if (builtin != null) {
        return builtin;
      }
      found = Translator.known(translator.functions().builtin(key));
    }
    Functions functions = translator.functions();
    if (found.argument != null) {
      List<Node.Function> here = functions.toCaller(found);
      Place place = place(found.argument, found.caller, unit);
      functions.comeBack(here);
      return place;
    }
    return inline(found, call.arguments(), names, unit);
  }

  private Place inline(Names function, List<Node> arguments, Names names, Names.Unit unit) {
    for (String parameter : function.function.parameters()) {
      Translator.known(parameter.startsWith("$") ? null : parameter);
    }
    Functions functions = translator.functions();
    Names inner = functions.parameters(function, arguments, names);
    functions.begin(function.function);
    Place place = place(function.function.body(), inner, unit);
    functions.end();
    return place;
  }

  private Place builtin(String key, List<Node> arguments, Names names, Names.Unit unit) {
    return switch (key) {
      case "empty/0" -> new Place.Nowhere();
      case "recurse/0" -> new Place.Everywhere();
      case "first/1" -> new Place.FirstOf(place(arguments.getFirst(), names, unit));
      case "select/1" -> {
        Code condition = translator.code(arguments.getFirst(), names, unit);
        yield new Place.Choice(Translator.single(condition), new Place.Here(), new Place.Nowhere());
      }
      default -> null;
    };
  }
}
