package io.direktiv.jq.machine;

import io.direktiv.jq.builtins.Natives;
import java.util.Set;
import java.util.TreeSet;

/// Finds what an author may have meant by a function that there is not.
final class Suggestions {
  private Suggestions() {}

  static String of(String name, int arity, Scope scope) {
    Set<String> known = new TreeSet<>(scope.functions());
    known.addAll(Natives.names());
    known.addAll(Specials.names());
    String best = null;
    int bestDistance = Math.max(2, name.length() / 3) + 1;
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
