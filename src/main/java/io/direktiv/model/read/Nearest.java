package io.direktiv.model.read;

import java.util.Collection;
import java.util.Optional;

/// Says what an author may have meant.
public final class Nearest {
  private Nearest() {}

  /// The word of `known` that is nearest to `word`, when it is near at all.
  public static Optional<String> to(String word, Collection<String> known) {
    return io.direktiv.jq.Nearest.to(word, known);
  }

  /// `; did you mean "x"?`, or `; known are …` when nothing is near.
  public static String hint(String word, Collection<String> known) {
    return to(word, known)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElseGet(
            () -> known.isEmpty() ? "" : "; known are \"" + String.join("\", \"", known) + "\"");
  }
}
