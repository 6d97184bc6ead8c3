package io.direktiv.jq;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds what an author may have meant by a word that is not known.
public final class Nearest {
  private Nearest() {}

  /// The word of `known` that is nearest to `word`, when it is near at all.
  public static Optional<String> to(String word, Collection<String> known) {
    String best = null;
    int bestDistance = (word.length() <= 3 ? 1 : Math.max(2, word.length() / 3)) + 1;
    for (String candidate : known) {
      int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
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
