package io.direktiv.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Reading the classic dialect.
class WorkflowReaderTest {
  private static Reading example(String name) throws IOException {
    return WorkflowReader.read(Files.readString(Path.of("examples", name)));
  }

  private static Stream<String> problems(String yaml) {
    return WorkflowReader.read(yaml).diagnostics().stream()
        .map(d -> d.place().line() + ":" + d.place().column() + " " + d.message());
  }

  @Test
  void warnsOfTheMissingCommaOfTheSeedAtItsPlace() throws IOException {
    // given
    String text = Files.readString(Path.of("examples", "nsfw.yml"));
    int line = (int) text.substring(0, text.indexOf("TransactionId")).lines().count();
    // when
    Reading reading = example("nsfw.yml");
    // then
    assertThat(reading.workflow()).isPresent();
    assertThat(reading.diagnostics())
        .singleElement()
        .satisfies(d -> {
          assertThat(d.severity()).isEqualTo(Diagnostic.Severity.WARNING);
          assertThat(d.place()).isEqualTo(new Place(line, 7));
          assertThat(d.message()).contains("'TransactionId'", "comma");
        });
  }

  @Test
  void readsTheMendedWorkflowWithoutProblems() throws IOException {
    Reading reading = example("nsfw-mended.yml");
    assertThat(reading.diagnostics()).isEmpty();
    assertThat(reading.workflow().orElseThrow().states()).hasSize(9);
  }

  @Test
  void reportsAllProblemsInDocumentOrder() {
    String yaml =
        """
        id: X
        states:
        - id: a
          type: nop
        - id: b
          type: noop
          transition: c
          tranform: .
        - id: b
          type: noop
          transform: '{ a: 1 b: 2 }'
        """;
    assertThat(problems(yaml))
        .satisfiesExactly(
            p -> assertThat(p).startsWith("1:5 workflow ID must match regex: "),
            p -> assertThat(p).startsWith("4:9 ").contains("nop", "did you mean \"noop\"?"),
            p -> assertThat(p).startsWith("7:15 ").contains("transition 'c' does not exist"),
            p -> assertThat(p).startsWith("8:3 ").contains("\"tranform\"", "\"transform\""),
            p -> assertThat(p).startsWith("9:7 state id 'b' is used in more than one state"),
            p -> assertThat(p).startsWith("11:22 ").contains("'b'", "comma"));
  }

  @Test
  void placesQueryErrorsInEveryScalarStyle() {
    String yaml =
        """
        id: styles
        states:
        - id: a
          type: noop
          transform: |
            {
              x: 1
              y: 2
            }
        - id: b
          type: noop
          transform: >-
            { x: "it's"
              y: 2 }
        - id: c
          type: noop
          transform: "{ x: \\"a\\", y: ) }"
        - id: d
          type: noop
          transform: '{ x: "it''s" y: 2 }'
        - id: e
          type: noop
          transform: .a |
            nofunc
        """;
    assertThat(problems(yaml).map(p -> p.substring(0, p.indexOf(' '))))
        .containsExactly("8:7", "14:7", "17:30", "20:28", "24:5");
  }

  @Test
  void refusesHostileYaml() {
    String bomb =
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + Stream.of("ab", "bc", "cd", "de", "ef", "fg", "gh")
                .map(p ->
                    p.charAt(1)
                        + ": &"
                        + p.charAt(1)
                        + " ["
                        + "*X,".replace('X', p.charAt(0)).repeat(10)
                        + "]\n")
                .reduce("", String::concat);
    assertThat(problems(bomb)).singleElement().asString().contains("aliases");
    assertThat(problems("[".repeat(50_000))).isNotEmpty();
    assertThat(problems("a: " + "[".repeat(200) + "]".repeat(200)))
        .singleElement()
        .asString()
        .contains("nested deeper");
    assertThat(problems("x".repeat((1 << 20) + 1))).singleElement().asString().contains("bytes");
  }
}
