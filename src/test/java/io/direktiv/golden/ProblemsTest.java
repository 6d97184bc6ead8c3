package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Place;
import io.direktiv.model.Reading;
import io.direktiv.model.WorkflowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every golden definition: what is said of it, and at which place.
class ProblemsTest {
  /// Stands in a definition where the next problem is.
  private static final char MARK = '«';

  private static final Set<String> KEYS =
      Set.of("name", "rule", "source", "definition", "problems");

  /// Every case under `golden/problems`.
  static List<JsonObject> all() {
    List<JsonObject> cases = new ArrayList<>();
    for (var path : Yaml.files(GoldenCase.FOLDER.resolve("problems"))) {
      for (Json element : (JsonArray) Yaml.read(path)) {
        JsonObject definition = (JsonObject) element;
        assertThat(KEYS).as("keys of %s", definition).containsAll(definition.keys());
        cases.add(definition);
      }
    }
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> saysWhatIsWrongAndWhere() {
    return all().stream()
        .map(definition ->
            DynamicTest.dynamicTest(GoldenCase.text(definition, "name"), () -> check(definition)));
  }

  private static void check(JsonObject golden) {
    String marked = GoldenCase.text(golden, "definition");
    Reading reading = WorkflowReader.read(marked.replace(String.valueOf(MARK), ""));
    List<JsonObject> wanted =
        ((JsonArray) golden.get("problems")).toList().stream().map(JsonObject.class::cast).toList();
    assertThat(reading.diagnostics())
        .as("problems %s", reading.diagnostics())
        .hasSameSizeAs(wanted);
    List<Place> marks = marks(marked);
    int mark = -1;
    for (int i = 0; i < wanted.size(); i++) {
      Diagnostic found = reading.diagnostics().get(i);
      mark += wanted.get(i).has("again") ? 0 : 1;
      assertThat(found.place()).as("place of %s", found).isEqualTo(marks.get(mark));
      String severity =
          wanted.get(i).has("severity") ? GoldenCase.text(wanted.get(i), "severity") : "error";
      assertThat(found.severity().name().toLowerCase(Locale.ROOT)).isEqualTo(severity);
      for (String part : GoldenCase.texts(wanted.get(i), "says")) {
        assertThat(found.message()).contains(part);
      }
    }
    boolean hasErrors =
        reading.diagnostics().stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
    assertThat(reading.workflow().isPresent()).as("is read").isEqualTo(!hasErrors);
  }

  private static List<Place> marks(String text) {
    List<Place> places = new ArrayList<>();
    int line = 1;
    int column = 1;
    for (char c : text.toCharArray()) {
      if (c == MARK) {
        places.add(new Place(line, column));
      } else if (c == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return places;
  }
}
