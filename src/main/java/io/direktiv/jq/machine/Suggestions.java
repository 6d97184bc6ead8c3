package io.direktiv.jq.machine;

import io.direktiv.jq.Nearest;
import io.direktiv.jq.QueryOptions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Says what an author may have meant by a name that there is not.
final class Suggestions {
  private Suggestions() {}

  static String ofVariable(String name, Scope scope) {
    if (name.equals("__prog_args")) {
      return "there are no program arguments";
    }
    return Nearest.to(name, scope.variables())
        .map(near -> "did you mean $" + near + "?")
        .orElse("variables are made by 'as $" + name + " |' before they are used");
  }

  static String ofFunction(String name, int arity, Scope scope, QueryOptions options) {
    String reason = reason(name);
    if (!reason.isEmpty()) {
      return reason;
    }
    Set<String> known = Specials.builtinNames(options);
    known.addAll(scope.functions());
    known.removeIf(key -> !Hosted.isGranted(key, options));
    List<String> arities =
        known.stream().filter(key -> key.startsWith(name + "/")).sorted().toList();
    if (!arities.isEmpty()) {
      return "did you mean " + String.join(" or ", arities) + "?";
    }
    Set<String> names = new TreeSet<>();
    known.forEach(key -> names.add(key.substring(0, key.lastIndexOf('/'))));
    return Nearest.to(name, names)
        .map(near -> "did you mean " + best(near, arity, known) + "?")
        .orElse("define it with 'def " + name + ": …;' or write a string as \"" + name + "\"");
  }

  /// `name` with the number of arguments that is nearest to what was written.
  private static String best(String name, int arity, Set<String> known) {
    return known.contains(name + "/" + arity)
        ? name + "/" + arity
        : known.stream().filter(key -> key.startsWith(name + "/")).findFirst().orElse(name);
  }

  /// Why a function is not there though others have it.
  private static String reason(String name) {
    return switch (name) {
      case "input", "inputs" -> "a query has one input, which is '.'";
      case "halt", "halt_error" -> "a query cannot end the program; raise an error instead";
      case "get_prog_origin", "get_jq_origin" -> "a query comes from no file";
      case "leaf_paths" -> "jq 1.8 has paths(scalars) for it";
      case "toarray" -> "write if type == \"array\" then . else [.] end";
      case "ascii" -> "write [.] | implode";
      case "pow10" -> "jq 1.8 has exp10 for it";
      case "recurse_down" -> "jq 1.8 has recurse for it";
      case "dateadd", "datesub", "date" -> "add seconds to a number and use todate";
      case "isvalid" -> "write try (… | true) catch false";
      default -> "";
    };
  }
}
