package io.direktiv.model.read;

import io.direktiv.model.Diagnostic;
import io.direktiv.model.Limits;
import io.direktiv.model.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong with a file.
final class Problems {
  private final List<Diagnostic> found = new ArrayList<>();

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

  boolean hasErrors() {
    return found.stream().anyMatch(Diagnostic::isError);
  }

  /// All of them in document order.
  List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparingInt((Diagnostic d) -> d.place().line())
            .thenComparingInt(d -> d.place().column()));
    return sorted;
  }
}
