package io.direktiv.model.read;

import io.direktiv.model.Diagnostic;
import io.direktiv.model.Limits;
import io.direktiv.model.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Collects what is wrong with a file.
final class Problems {
  /// How many signs of another dialect a message names.
  private static final int SIGNS_TOLD = 3;

  private record Sign(Place place, String what) {}

  private final List<Diagnostic> found = new ArrayList<>();
  private final List<Sign> signs = new ArrayList<>();

  void error(Place place, String message) {
    add(Diagnostic.Severity.ERROR, place, message);
  }

  void warning(Place place, String message) {
    add(Diagnostic.Severity.WARNING, place, message);
  }

  void add(Diagnostic.Severity severity, Place place, String message) {
    if (found.size() < Limits.DIAGNOSTICS_MAX) {
      found.add(new Diagnostic(severity, place, message));
    }
  }

  /// Notes something that only files of the releases between the classic dialect and v1 have.
  ///
  /// @param what its name for the author, as `function "type"`
  void laterDialect(Place place, String what) {
    signs.add(new Sign(place, what));
  }

  boolean hasErrors() {
    return !signs.isEmpty() || found.stream().anyMatch(Diagnostic::isError);
  }

  /// All of them in document order; of a file in another dialect only that it is in one, since the
  /// rest of it was measured by the wrong rules.
  List<Diagnostic> sorted() {
    if (!signs.isEmpty()) {
      return List.of(otherDialect());
    }
    List<Diagnostic> sorted = new ArrayList<>(found);
    sorted.sort(inDocument(Diagnostic::place));
    return sorted;
  }

  private Diagnostic otherDialect() {
    List<Sign> sorted = new ArrayList<>(signs);
    sorted.sort(inDocument(Sign::place));
    String told =
        sorted.stream()
            .limit(SIGNS_TOLD)
            .map(sign -> sign.what() + " in line " + sign.place().line())
            .collect(Collectors.joining(", "));
    int more = sorted.size() - SIGNS_TOLD;
    return new Diagnostic(
        Diagnostic.Severity.ERROR,
        sorted.getFirst().place(),
        "this file is written in a dialect later than the classic one ("
            + told
            + (more > 0 ? " and " + more + " more" : "")
            + "), which this release does not read; in the classic dialect a query stands without"
            + " jq(…), \"retries\" belongs to the state, and a function has an image and no"
            + " \"type\"");
  }

  private static <T> Comparator<T> inDocument(Function<T, Place> place) {
    return Comparator.comparingInt((T found) -> place.apply(found).line())
        .thenComparingInt(found -> place.apply(found).column());
  }
}
