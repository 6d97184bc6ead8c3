package io.direktiv.jq.machine;

import io.direktiv.jq.Nearest;
import io.direktiv.jq.QueryOptions;
import io.direktiv.jq.QuerySyntaxException.Problem;
import io.direktiv.jq.syntax.Node;
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

  static String ofFunction(Node.Call call, Scope scope, QueryOptions options) {
    String name = call.name();
    int arity = call.arguments().size();
    boolean isList = call.arguments().stream().anyMatch(each -> each instanceof Node.Comma);
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
      String meant = "did you mean " + String.join(" or ", arities) + "?";
      return isList ? meant + " arguments are separated by ';'" : meant;
    }
    Set<String> names = new TreeSet<>();
    known.forEach(key -> names.add(key.substring(0, key.lastIndexOf('/'))));
    return Nearest.to(name, names)
        .map(near -> "did you mean " + best(near, arity, known) + "?")
        .orElse(unheardOf(name, arity));
  }

  private static String unheardOf(String name, int arity) {
    return arity > 0
        ? "define it with 'def " + name + "(…): …;'"
        : "write ."
            + name
            + " for a field, \""
            + name
            + "\" for a string, or define it with 'def "
            + name
            + ": …;'";
  }

  /// What is better said with a look at the text around: `.a-b` was meant to be one name.
  static Problem inText(Problem problem, String text) {
    int start = problem.start();
    int minus = start - 1;
    if (!problem.message().endsWith("/0 is not defined")
        || minus < 1
        || text.charAt(minus) != '-') {
      return problem;
    }
    int from = minus;
    while (from > 0 && isNamePart(text.charAt(from - 1))) {
      from--;
    }
    if (from == minus || from == 0 || text.charAt(from - 1) != '.') {
      return problem;
    }
    int end = problem.end();
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    String hint =
        "'-' subtracts; write .[\""
            + text.substring(from, end)
            + "\"] for a name with a dash in it";
    return new Problem(problem.message(), hint, start, problem.end());
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
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
      case "True", "TRUE" -> "write true";
      case "False", "FALSE" -> "write false";
      case "None", "nil", "undefined", "NULL", "Null" -> "write null";
      case "len", "size", "count" -> "jq has length for it";
      case "lower", "lowercase", "toLowerCase" -> "jq has ascii_downcase for it";
      case "upper", "uppercase", "toUpperCase" -> "jq has ascii_upcase for it";
      case "replace" -> "jq has sub and gsub for it";
      case "substring", "substr", "slice" -> "write .[from:to]";
      case "filter" -> "write map(select(…))";
      case "concat" -> "write a + b";
      case "includes", "has_key" -> "jq has contains, index and has for it";
      default -> "";
    };
  }
}
