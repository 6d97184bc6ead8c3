package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Reading;
import io.direktiv.model.WorkflowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the cases of `golden/definitions`: a definition and its problems in document order, as
/// `line:column severity: message`, of which the beginning counts. `each` makes a case for every
/// word; `replace` puts in a text of a length.
class GoldenDefinitionsTest {
  private static final Path CASES = GoldenCase.FOLDER.resolve("definitions");

  private static final Set<String> KEYS =
      Set.of("name", "rules", "source", "workflow", "each", "replace", "problems");

  /// The ids of the rules that the cases prove.
  static Stream<String> rules() {
    return Yaml.files(CASES).stream()
        .flatMap(file -> cases(file).stream())
        .flatMap(golden -> GoldenCase.texts(golden, "rules").stream());
  }

  @TestFactory
  Stream<DynamicTest> reportsWhatTheCasesSay() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : Yaml.files(CASES)) {
      cases(file).forEach(golden -> add(tests, CASES.relativize(file) + ": ", golden));
    }
    assertThat(tests).hasSizeGreaterThan(130);
    return tests.stream();
  }

  private static List<JsonObject> cases(Path file) {
    List<JsonObject> cases =
        ((JsonArray) Yaml.read(file)).toList().stream().map(JsonObject.class::cast).toList();
    for (JsonObject golden : cases) {
      assertThat(KEYS).as("keys of %s", golden).containsAll(golden.keys());
      assertThat(golden.get("problems")).as("problems of %s", golden).isInstanceOf(JsonArray.class);
    }
    return cases;
  }

  private static void add(List<DynamicTest> tests, String file, JsonObject golden) {
    String workflow = GoldenCase.text(golden, "workflow");
    String name = file + GoldenCase.text(golden, "name");
    List<String> problems = GoldenCase.texts(golden, "problems");
    JsonObject each = GoldenCase.object(golden, "each");
    for (String word : each.keys()) {
      for (Json value : (JsonArray) each.get(word)) {
        String with = ((JsonString) value).value();
        String yaml = workflow.replace(word, with);
        tests.add(DynamicTest.dynamicTest(name + " " + with, () -> check(yaml, problems)));
      }
    }
    if (golden.has("each")) {
      return;
    }
    JsonObject replace = GoldenCase.object(golden, "replace");
    String text = workflow;
    for (String word : replace.keys()) {
      text = text.replace(word, "x".repeat((int) ((JsonNumber) replace.get(word)).longValue()));
    }
    String yaml = text;
    tests.add(DynamicTest.dynamicTest(name, () -> check(yaml, problems)));
  }

  private static void check(String yaml, List<String> problems) {
    Reading reading = WorkflowReader.read(yaml);
    List<String> found =
        reading.diagnostics().stream()
            .map(d ->
                d.place().line()
                    + ":"
                    + d.place().column()
                    + (d.isError() ? " error: " : " warning: ")
                    + d.message())
            .toList();
    assertThat(found).as(yaml).hasSameSizeAs(problems);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as(yaml).startsWith(problems.get(i));
    }
    boolean hasErrors = reading.diagnostics().stream().anyMatch(Diagnostic::isError);
    assertThat(reading.workflow().isPresent()).isEqualTo(!hasErrors);
  }
}
