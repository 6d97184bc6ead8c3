package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.jq.modules.ModuleFolders;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.texts.JsonTextException;
import io.direktiv.json.texts.JsonTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs jq 1.8.2's own test files, which lie beside the project, with all granted that jq's command
/// grants.
class JqSuiteTest {
  private static final Path SUITE = Path.of("../shared/jq-suite");
  private static final QueryLimits LIMITS =
      new QueryLimits(Duration.ofSeconds(20), 1_000_000_000L, 512L << 20, 1_000_000L);

  private static final Path MODULES = Path.of("src/test/resources/jq");

  /// What jq's command grants, with modules of our own that the suite's results imply.
  private static final QueryOptions OPTIONS =
      QueryOptions.NONE
          .granting(QueryOptions.Grant.values())
          .with(new ModuleFolders(List.of("modules"), MODULES, MODULES));

  private static final QueryHost HOST =
      new QueryHost() {
        @Override
        public JsonObject environment() {
          return JsonObject.of("PAGER", Json.of("less"));
        }
      };

  /// A case: a program, and either an input with outputs or the refusal, of which jq's text is
  /// expected unless it says otherwise.
  private record Case(
      String file, int line, String program, String input, List<String> outputs, String refusal) {
    boolean isRefused() {
      return input == null;
    }

    String name() {
      return file + ":" + line;
    }
  }

  @Test
  void everyCasePasses() throws IOException {
    assumeTrue(Files.isDirectory(SUITE), "jq's suite is not beside the project");
    // given
    List<Case> cases = new ArrayList<>();
    for (String file : List.of("jq", "man", "onig", "manonig", "base64", "uri", "optional")) {
      cases.addAll(read(file + ".test"));
    }
    // when
    List<String> failures = new ArrayList<>();
    for (Case c : cases) {
      String reason = run(c);
      if (!reason.isEmpty()) {
        failures.add(c.name() + " " + c.program + "\n    " + reason);
      }
    }
    // then
    System.out.println((cases.size() - failures.size()) + " of " + cases.size() + " jq cases pass");
    assertThat(cases).hasSizeGreaterThan(800);
    assertThat(failures).isEmpty();
  }

  private static String run(Case c) {
    Query query;
    try {
      query = Query.compile(c.program, OPTIONS);
    } catch (QuerySyntaxException e) {
      if (!c.isRefused()) {
        return "does not compile: " + e.getMessage();
      }
      String last = QuerySyntaxException.of(c.program, e.problems().getLast()).report();
      return last.startsWith(c.refusal) ? "" : "expected " + c.refusal + " but " + last;
    }
    if (c.isRefused()) {
      return "compiles but should not";
    }
    List<Json> found = new ArrayList<>();
    String error = "";
    try {
      Iterator<Json> outputs = query.outputs(JsonTexts.one(c.input), LIMITS, HOST);
      while (outputs.hasNext() && found.size() <= c.outputs.size()) {
        found.add(outputs.next());
      }
    } catch (QueryException | QueryLimitException | JsonTextException e) {
      error = " then error: " + e.getMessage();
    } catch (RuntimeException e) {
      return "crashed: " + e;
    }
    boolean isRight;
    try {
      isRight = isExpected(found, c.outputs);
    } catch (JsonTextException e) {
      return "unreadable: " + e.getMessage();
    }
    return isRight ? "" : "expected " + c.outputs + " but " + found + error;
  }

  private static boolean isExpected(List<Json> found, List<String> expected)
      throws JsonTextException {
    if (found.size() != expected.size()) {
      return false;
    }
    for (int i = 0; i < found.size(); i++) {
      // What jq prints is compared, and it prints NaN as null.
      Json wanted = Json.parse(JsonTexts.one(expected.get(i)).toString());
      if (!wanted.equals(Json.parse(found.get(i).toString()))) {
        return false;
      }
    }
    return true;
  }

  private static List<Case> read(String file) throws IOException {
    List<String> lines = Files.readAllLines(SUITE.resolve(file));
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      int at = i + 1;
      if (line.startsWith("%%FAIL")) {
        String program = lines.get(++i);
        List<String> refusal = new ArrayList<>();
        while (i + 1 < lines.size() && !lines.get(i + 1).isBlank()) {
          refusal.add(lines.get(++i));
        }
        String text = line.contains("IGNORE MSG") ? "" : String.join("\n", refusal);
        cases.add(new Case(file, at, program, null, List.of(), text));
        continue;
      }
      String input = lines.get(++i);
      List<String> outputs = new ArrayList<>();
      while (i + 1 < lines.size() && !lines.get(i + 1).isBlank()) {
        i++;
        if (!lines.get(i).startsWith("#")) {
          outputs.add(lines.get(i));
        }
      }
      cases.add(new Case(file, at, line, input, outputs, ""));
    }
    return cases;
  }
}
