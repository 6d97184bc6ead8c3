package io.direktiv.jq.machine;

import io.direktiv.jq.QueryOptions;
import java.util.Set;

/// Finds what an author may have meant by a function that there is not.
final class Suggestions {
  private Suggestions() {}

  /// Why a function of jq is not there; empty for one that jq does not have either.
  static String reason(String name) {
    return switch (name) {
      case "input", "inputs" -> ": a query has one input, which is '.'";
      case "halt", "halt_error" -> ": a query cannot end the program; raise an error instead";
      case "modulemeta", "get_prog_origin", "get_jq_origin" -> ": there are no modules";
      default -> "";
    };
  }

  static String of(String name, int arity, Scope scope, QueryOptions options) {
    Set<String> known = Specials.builtinNames(options);
    known.addAll(scope.functions());
    known.removeIf(key -> !Hosted.isGranted(key, options));
    String best = null;
    int bestDistance = Math.max(1, (name.length() + 1) / 3) + 1;
    for (String candidate : known) {
      int slash = candidate.lastIndexOf('/');
      int distance = 2 * distance(name, candidate.substring(0, slash));
      distance += candidate.endsWith("/" + arity) ? 0 : 1;
      if (distance < 2 * bestDistance && !candidate.startsWith("_")) {
        best = candidate;
        bestDistance = (distance + 1) / 2;
      }
    }
    return best == null ? "" : "; did you mean " + best + "?";
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(diagonal + change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
