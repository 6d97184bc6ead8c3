package io.direktiv.local;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Place;
import io.direktiv.model.WorkflowReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks definitions and prints their problems as a compiler does.
public final class Validation {
  private final PrintStream out;

  /// A validation that prints to `out`.
  public Validation(PrintStream out) {
    this.out = out;
  }

  /// The line for a problem: `file:line:column: error: message`.
  static String line(Path file, Diagnostic diagnostic) {
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

  /// Checks `files` and returns the exit code: 0, or 1 when one has an error.
  public int run(List<Path> files, boolean asJson) {
    int errors = 0;
    int warnings = 0;
    List<Json> found = new ArrayList<>();
    for (Path file : files) {
      for (Diagnostic diagnostic : check(file, found, asJson)) {
        errors += diagnostic.isError() ? 1 : 0;
        warnings += diagnostic.isError() ? 0 : 1;
      }
    }
    if (asJson) {
      out.println(JsonArray.of(found).toPrettyString());
    } else {
      out.println(
          files.size()
              + (files.size() == 1 ? " file, " : " files, ")
              + errors
              + (errors == 1 ? " error, " : " errors, ")
              + warnings
              + (warnings == 1 ? " warning" : " warnings"));
    }
    return errors == 0 ? 0 : 1;
  }

  private List<Diagnostic> check(Path file, List<Json> found, boolean asJson) {
    String source;
    try {
      source = Files.readString(file);
    } catch (IOException e) {
      Diagnostic unreadable =
          new Diagnostic(Diagnostic.Severity.ERROR, Place.START, "the file cannot be read: " + e);
      print(file, "", unreadable, found, asJson);
      return List.of(unreadable);
    }
    List<Diagnostic> diagnostics = WorkflowReader.read(source).diagnostics();
    diagnostics.forEach(diagnostic -> print(file, source, diagnostic, found, asJson));
    return diagnostics;
  }

  private void print(
      Path file, String source, Diagnostic diagnostic, List<Json> found, boolean asJson) {
    if (asJson) {
      found.add(
          JsonObject.builder()
              .put("file", file.toString())
              .put("line", diagnostic.place().line())
              .put("column", diagnostic.place().column())
              .put("severity", word(diagnostic))
              .put("message", diagnostic.message())
              .build());
      return;
    }
    out.println(line(file, diagnostic));
    List<String> lines = source.lines().toList();
    if (diagnostic.place().line() <= lines.size()) {
      String text = lines.get(diagnostic.place().line() - 1);
      int column = Math.min(diagnostic.place().column(), text.length() + 1);
      out.println("  " + text);
      out.println("  " + " ".repeat(column - 1) + "^");
    }
  }
}
