package io.direktiv.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Runs the cases of `golden/definitions`: a definition and its problems in document order, as
/// `line:column severity: message`, of which the beginning counts. `each` makes a case for every
/// word; `replace` puts in a text of a length.
class GoldenDefinitionsTest {
  private static final Path CASES = Path.of("golden/definitions");

  @TestFactory
  Stream<DynamicTest> reportsWhatTheCasesSay() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(CASES)) {
      for (Path file : files.sorted().toList()) {
        List<?> cases =
            (List<?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        cases.forEach(each -> add(tests, file.getFileName() + ": ", (Map<?, ?>) each));
      }
    }
    assertThat(tests).hasSizeGreaterThan(60);
    return tests.stream();
  }

  private static void add(List<DynamicTest> tests, String file, Map<?, ?> c) {
    String workflow = (String) c.get("workflow");
    List<?> problems = (List<?>) c.get("problems");
    if (c.get("each") instanceof Map<?, ?> each) {
      each.forEach((word, values) -> {
        for (Object value : (List<?>) values) {
          String text = workflow.replace((String) word, (String) value);
          tests.add(
              DynamicTest.dynamicTest(
                  file + c.get("name") + " " + value, () -> check(text, problems)));
        }
      });
      return;
    }
    String text = workflow;
    if (c.get("replace") instanceof Map<?, ?> replace) {
      for (Map.Entry<?, ?> entry : replace.entrySet()) {
        text = text.replace((String) entry.getKey(), "x".repeat((int) entry.getValue()));
      }
    }
    String yaml = text;
    tests.add(DynamicTest.dynamicTest(file + c.get("name"), () -> check(yaml, problems)));
  }

  private static void check(String yaml, List<?> problems) {
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
      assertThat(found.get(i)).as(yaml).startsWith((String) problems.get(i));
    }
    boolean hasErrors = reading.diagnostics().stream().anyMatch(Diagnostic::isError);
    assertThat(reading.workflow().isPresent()).isEqualTo(!hasErrors);
  }
}
