package io.direktiv.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the problems of files are printed.
class ValidationTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int validate(List<Path> files, boolean isWhole, boolean asJson) {
    return new Validation(new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(files.stream().<Source>map(Source.OfFile::new).toList(), isWhole, asJson);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void printsProblemsAsACompilerDoes() throws IOException {
    // given
    Path file =
        file(
            "a.yml",
            "id: abc\nstates:\n- id: a\n  type: noop\n  transform: '{ \"😀\": 1 b: 2 }'\n");
    // when
    int code = validate(List.of(file), false, false);
    // then
    assertThat(code).isEqualTo(1);
    assertThat(lines().getFirst())
        .startsWith(file + ":5:24: error: workflow state[0]: \"transform\" is not a jq query");
    assertThat(lines().subList(1, 4))
        .containsExactly(
            "    transform: '{ \"😀\": 1 b: 2 }'",
            " ".repeat(25) + "^",
            "1 file, 1 error, 0 warnings");
  }

  @Test
  void printsJson() throws IOException {
    Path file = file("a.yml", "id: abc\n");
    assertThat(validate(List.of(file), false, true)).isEqualTo(1);
    assertThat(String.join("", lines()).replace(" ", ""))
        .isEqualTo(
            "[{\"file\":\""
                + file
                + "\",\"line\":1,\"column\":1,\"severity\":\"error\",\"message\":\"statesrequired\"}]");
  }

  @Test
  void findsTakenIdsAndMissingSubflowsAcrossFiles() throws IOException {
    // given
    String calls = "states:\n- id: a\n  type: action\n  action: { workflow: %s }\n";
    Path a = file("a.yml", "id: first\n" + calls.formatted("second"));
    Path b = file("b.yml", "id: second\n" + calls.formatted("third"));
    Path c = file("c.yml", "name: x\nid: first\n" + calls.formatted("second"));
    // when
    int code = validate(List.of(a, b, c), true, false);
    // then
    assertThat(code).isEqualTo(1);
    assertThat(lines())
        .filteredOn(line -> line.contains(".yml:"))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        b + ":5:23: warning: the subflow \"third\" is in none of these files"),
            line ->
                assertThat(line)
                    .startsWith(c + ":2:5: error: the workflow id \"first\" is taken by " + a));
    assertThat(lines().getLast()).isEqualTo("3 files, 1 error, 1 warning");
  }

  @Test
  void saysWhichByteIsNotUtf8() throws IOException {
    Path file = folder.resolve("a.yml");
    Files.write(file, new byte[] {'i', 'd', ':', ' ', 'a', '\n', 'x', (byte) 0xFF, '\n'});
    assertThat(validate(List.of(file), false, false)).isEqualTo(1);
    assertThat(lines().getFirst())
        .startsWith(file + ":2:2: error: this is not UTF-8: the byte 0xFF");
  }

  @Test
  void showsLongLinesAndControlCharactersSafely() throws IOException {
    // given
    String long1 = "id: abc # " + "x".repeat(5_000) + "\nstates: []\n";
    String escape = "id: abc\nstates:\n- id: a\n  type: nop # \u001b[31m\n";
    // when
    validate(List.of(file("a.yml", long1), file("b.yml", escape)), false, false);
    // then
    assertThat(lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b");
  }

  @Test
  void marksTheColumnOfALongLine() throws IOException {
    // given
    String blanks = " ".repeat(300);
    Path file = file("a.yml", "id: abc\nstates:\n- { id: a," + blanks + "type: nop }\n");
    // when
    validate(List.of(file), false, false);
    // then
    assertThat(lines().getFirst()).startsWith(file + ":3:317: error: ");
    int mark = lines().get(2).indexOf('^');
    assertThat(lines().get(1).substring(mark)).startsWith("nop }");
    assertThat(lines().get(1)).hasSizeLessThan(100);
  }

  @Test
  void acceptsWarnings() throws IOException {
    Path file = Path.of("examples", "nsfw.yml");
    assertThat(validate(List.of(file), false, false)).isZero();
    assertThat(lines().getLast()).isEqualTo("1 file, 0 errors, 1 warning");
  }
}
