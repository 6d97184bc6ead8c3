package io.direktiv.cli;

import io.direktiv.client.DirektivV1;
import io.direktiv.client.Message;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Checks definitions and prints their problems as a compiler does.
final class Checking {
  /// Lines that are longer, which no screen shows well, are left out.
  private static final int WIDTH_MAX = 120;

  private final Session session;
  private final List<Json> found = new ArrayList<>();
  private int errors;
  private int warnings;

  Checking(Session session) {
    this.session = session;
  }

  /// Checks files and returns the exit code.
  int run(List<String> files) {
    for (String file : files) {
      check(file);
    }
    if (session.output().isJson()) {
      session.output().jsonList(found);
    } else {
      session
          .output()
          .line(
              count(files.size(), "file")
                  + ", "
                  + count(errors, "error")
                  + ", "
                  + count(warnings, "warning"));
    }
    return errors == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private void check(String file) {
    byte[] source = session.read(file, "the workflow file");
    Message answer =
        session.call(
            DirektivV1.VALIDATE_WORKFLOW,
            DirektivV1.VALIDATE_WORKFLOW.newRequest().set("workflow", source).set("file", file));
    List<String> lines = new String(source, StandardCharsets.UTF_8).lines().toList();
    for (Message diagnostic : answer.messages("diagnostics")) {
      boolean isError = diagnostic.number("severity") == DirektivV1.SEVERITY_ERROR;
      errors += isError ? 1 : 0;
      warnings += isError ? 0 : 1;
      String severity = isError ? "error" : "warning";
      if (session.output().isJson()) {
        found.add(toJson(file, severity, diagnostic));
      } else {
        print(file, severity, diagnostic, lines);
      }
    }
  }

  private static Json toJson(String file, String severity, Message diagnostic) {
    return JsonObject.builder()
        .put("file", file)
        .put("line", diagnostic.number("line"))
        .put("column", diagnostic.number("column"))
        .put("severity", severity)
        .put("message", diagnostic.text("message"))
        .build();
  }

  private void print(String file, String severity, Message diagnostic, List<String> lines) {
    Output output = session.output();
    long line = diagnostic.number("line");
    long column = diagnostic.number("column");
    output.line(
        file + ":" + line + ":" + column + ": " + severity + ": " + diagnostic.text("message"));
    if (line >= 1 && line <= lines.size()) {
      String text = lines.get((int) line - 1);
      boolean isPrintable = text.chars().noneMatch(c -> c != '\t' && Character.isISOControl(c));
      int points = text.codePointCount(0, text.length());
      if (isPrintable && points <= WIDTH_MAX) {
        int before = text.offsetByCodePoints(0, Math.clamp(column - 1, 0, points));
        output.line("  " + text);
        output.line("  " + text.substring(0, before).replaceAll("[^\t]", " ") + "^");
      }
    }
  }
}
