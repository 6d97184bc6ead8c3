package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
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

/// Runs the cases of `golden/jq`: a query and its input, and either its outputs (with the error
/// that ends them), or why it is refused, as `line:column message`, of which the beginning counts,
/// or as the `report` of all mistakes that jq prints.
class GoldenJqTest {
  private static final Path CASES = Path.of("golden/jq");

  @TestFactory
  Stream<DynamicTest> answersAsTheCasesSay() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(CASES)) {
      for (Path file : files.sorted().toList()) {
        List<?> cases =
            (List<?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        for (Object each : cases) {
          Map<?, ?> c = (Map<?, ?>) each;
          tests.add(
              DynamicTest.dynamicTest(file.getFileName() + ": " + c.get("name"), () -> run(c)));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(250);
    return tests.stream();
  }

  private static void run(Map<?, ?> c) {
    String text = (String) c.get("query");
    Query query;
    try {
      query = Query.compile(text);
    } catch (QuerySyntaxException e) {
      assertThat(e.line() + ":" + e.column() + " " + e.getMessage())
          .as(text)
          .startsWith(String.valueOf(c.containsKey("report") ? "" : c.get("refused")));
      assertThat(e.report()).isEqualTo(c.containsKey("report") ? c.get("report") : e.report());
      return;
    }
    assertThat(c.containsKey("refused") || c.containsKey("report")).as(text).isFalse();
    List<String> found = new ArrayList<>();
    String error = null;
    try {
      query
          .outputs(Json.parse((String) c.get("input")), QueryLimits.DEFAULT)
          .forEachRemaining(output -> found.add(output.toString()));
    } catch (QueryException e) {
      error = e.getMessage();
    }
    assertThat(found).as(text + " (error: " + error + ")").isEqualTo(c.get("outputs"));
    assertThat(error).as(text).isEqualTo(c.get("error"));
  }
}
