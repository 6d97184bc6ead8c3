package io.direktiv.local;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Place;
import io.direktiv.model.Reading;
import io.direktiv.model.WorkflowReader;
import io.direktiv.server.FileTrouble;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks definitions and prints their problems as a compiler does.
public final class Validation {
  private static final Comparator<Place> PLACES =
      Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

  private final PrintStream out;

  /// A validation that prints to `out`.
  public Validation(PrintStream out) {
    this.out = out;
  }

  /// The line for a problem: `file:line:column: error: message`.
  static String line(String file, Diagnostic diagnostic) {
    Place place = diagnostic.place();
    return file
        + ":"
        + place.line()
        + ":"
        + place.column()
        + ": "
        + word(diagnostic)
        + ": "
        + diagnostic.message();
  }

  private static String word(Diagnostic diagnostic) {
    return diagnostic.isError() ? "error" : "warning";
  }

  /// What was read.
  private record Checked(String file, String source, Reading reading) {}

  /// Checks `sources` and returns the exit code: 0, or 1 when one has an error. With `isWhole` they
  /// are a whole: ids have to differ, and subflows are looked for among them.
  public int run(List<Source> sources, boolean isWhole, boolean asJson) {
    List<Checked> all = sources.stream().map(Validation::read).toList();
    Folder folder = new Folder();
    Map<Checked, List<Diagnostic>> problems = new IdentityHashMap<>();
    for (Checked checked : all) {
      List<Diagnostic> own = new ArrayList<>(checked.reading.diagnostics());
      if (isWhole) {
        checked
            .reading
            .workflow()
            .flatMap(workflow -> folder.add(checked.file, checked.source, workflow))
            .ifPresent(own::add);
      }
      problems.put(checked, own);
    }
    List<Json> found = new ArrayList<>();
    int errors = 0;
    int warnings = 0;
    for (Checked checked : all) {
      List<Diagnostic> own = problems.get(checked);
      if (isWhole && checked.reading.workflow().isPresent()) {
        own.addAll(folder.missingSubflows(checked.source, checked.reading.workflow().get()));
      }
      own.sort(Comparator.comparing(Diagnostic::place, PLACES));
      for (Diagnostic diagnostic : own) {
        errors += diagnostic.isError() ? 1 : 0;
        warnings += diagnostic.isError() ? 0 : 1;
        print(checked.file, checked.source, diagnostic, found, asJson);
      }
    }
    out.println(asJson ? JsonArray.of(found).toPrettyString() : sum(all.size(), errors, warnings));
    return errors == 0 ? 0 : 1;
  }

  private static String sum(int files, int errors, int warnings) {
    return counted(files, "file")
        + ", "
        + counted(errors, "error")
        + ", "
        + counted(warnings, "warning");
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static Checked read(Source source) {
    try {
      byte[] bytes = source.read();
      return new Checked(
          source.name(), new String(bytes, StandardCharsets.UTF_8), WorkflowReader.read(bytes));
    } catch (IOException e) {
      Diagnostic unreadable =
          new Diagnostic(
              Diagnostic.Severity.ERROR,
              Place.START,
              "the file cannot be read: " + FileTrouble.reason(e));
      return new Checked(source.name(), "", new Reading(Optional.empty(), List.of(unreadable)));
    }
  }

  private void print(
      String file, String source, Diagnostic diagnostic, List<Json> found, boolean asJson) {
    if (asJson) {
      found.add(
          JsonObject.builder()
              .put("file", file)
              .put("line", diagnostic.place().line())
              .put("column", diagnostic.place().column())
              .put("severity", word(diagnostic))
              .put("message", diagnostic.message())
              .build());
      return;
    }
    out.println(line(file, diagnostic));
    Excerpt.of(source, diagnostic.place()).forEach(out::println);
  }
}
