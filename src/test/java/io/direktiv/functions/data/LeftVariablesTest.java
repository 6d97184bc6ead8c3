package io.direktiv.functions.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.functions.SandboxFile;
import io.direktiv.model.FunctionDefinition.FileType;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import io.direktiv.model.VariableScope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a function leaves becomes variables (reference 1.4).
class LeftVariablesTest {
  private static List<Effect.SetVariable> left(VariableScope scope, String... namesAndContents)
      throws Exception {
    return LeftVariables.of(
        Map.of(
            "out/" + scope.word() + "/", new SandboxFile.Archive(TestTree.tar(namesAndContents))));
  }

  private static void assertRefused(String code, SandboxFile file, String... texts) {
    assertThatThrownBy(() -> LeftVariables.of(Map.of("out/workflow/", file)))
        .isInstanceOfSatisfying(VariableException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(texts);
  }

  private static void assertRefused(String code, byte[] tar, String... texts) {
    assertRefused(code, new SandboxFile.Archive(tar), texts);
  }

  @Test
  void makesAVariableOfEachFile() throws Exception {
    for (VariableScope scope : VariableScope.values()) {
      // when
      List<Effect.SetVariable> variables = left(scope, "count", "7", "notes.txt", "hello");

      // then
      assertThat(variables)
          .extracting(
              Effect.SetVariable::scope,
              Effect.SetVariable::key,
              v -> new String(v.value().orElseThrow(), StandardCharsets.UTF_8))
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(scope, "count", "7"),
              org.assertj.core.groups.Tuple.tuple(scope, "notes.txt", "hello"));
    }
  }

  @Test
  void deletesTheVariableOfAnEmptyFile() throws Exception {
    assertThat(left(VariableScope.INSTANCE, "gone", ""))
        .extracting(Effect.SetVariable::value)
        .containsExactly(Optional.empty());
  }

  @Test
  void leavesNothingWhereNothingIs() throws Exception {
    assertThat(LeftVariables.of(Map.of())).isEmpty();
    assertThat(left(VariableScope.WORKFLOW)).isEmpty();
  }

  @Test
  void packsAFolderSoThatTheTypeTarGzMakesItAgain() throws Exception {
    // given
    String longName = "n".repeat(120);
    List<Effect.SetVariable> variables =
        left(
            VariableScope.WORKFLOW,
            "tree/",
            "tree/a",
            "1",
            "tree/b/",
            "tree/b/go.sh",
            "2",
            "tree/" + longName,
            "3");

    // when
    Map<String, GivenFile> files =
        VariableFiles.of(
            List.of(new FunctionFile(VariableScope.WORKFLOW, "tree", "again", FileType.TAR_GZ)),
            new OneVariable(variables.getFirst().value().orElseThrow()));

    // then
    assertThat(variables).hasSize(1);
    assertThat(variables.getFirst().mimeType()).isEqualTo("application/gzip");
    assertThat(files)
        .containsKeys("again/", "again/a", "again/b/", "again/b/go.sh", "again/" + longName);
    assertThat(((GivenFile.Content) files.get("again/b/go.sh")).isExecutable()).isTrue();
    assertThat(((GivenFile.Content) files.get("again/a")).bytes()).containsExactly('1');
  }

  @Test
  void packsTheSameFolderIntoTheSameBytes() throws Exception {
    assertThat(left(VariableScope.WORKFLOW, "t/", "t/a", "1").getFirst().value())
        .hasValueSatisfying(first -> assertThat(value()).isEqualTo(first));
  }

  private static byte[] value() {
    try {
      return left(VariableScope.WORKFLOW, "t/", "t/a", "1").getFirst().value().orElseThrow();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:a hard link", "2:a symbolic link", "3:a device", "6:a named pipe"})
  void refusesWhatIsNoFileAndNoFolder(String entry) throws Exception {
    String kind = entry.substring(2);
    assertRefused(
        Codes.FUNCTION_IO,
        TestTree.tar(entry.charAt(0) + ":x"),
        "it left " + kind + " at /direktiv-data/out/workflow/x");
    assertRefused(
        Codes.FUNCTION_IO,
        TestTree.tar("t/", entry.charAt(0) + ":t/x"),
        "it left " + kind + " at /direktiv-data/out/workflow/t/x");
  }

  @Test
  void refusesALinkInPlaceOfTheFolder() {
    assertRefused(
        Codes.FUNCTION_IO,
        new SandboxFile.NotAFile("a symbolic link"),
        "it left a symbolic link at /direktiv-data/out/workflow/");
  }

  @Test
  void refusesAKeyThatIsNone() throws Exception {
    assertRefused(
        Codes.FUNCTION_IO,
        TestTree.tar("no spaces", "x"),
        "/direktiv-data/out/workflow/no spaces",
        "the key of a variable must match regex");
  }

  @Test
  void refusesAVariableThatIsTooLarge() throws Exception {
    assertRefused(
        Codes.FUNCTION_OUTPUT,
        TestTree.tar("big", "0".repeat(FunctionVariables.BYTES_MAX + 1)),
        "more than 16 MiB at /direktiv-data/out/workflow/big");
  }

  @Test
  void refusesAFolderThatIsTooLargePacked() throws Exception {
    // given
    StringBuilder noise = new StringBuilder();
    Random random = new Random(1);
    while (noise.length() < 24 << 20) {
      noise.append((char) ('!' + random.nextInt(90)));
    }

    // then
    assertRefused(
        Codes.FUNCTION_OUTPUT, TestTree.tar("t/", "t/x", noise.toString()), "more than 16 MiB");
  }

  @Test
  void refusesMoreThanTheRuntimeBrings() {
    assertRefused(
        Codes.FUNCTION_OUTPUT,
        new SandboxFile.TooLarge(32 << 20),
        "more than 32 MiB or 10000 files in /direktiv-data/out/workflow/");
  }

  @Test
  void refusesTooManyVariables() throws Exception {
    String[] names = new String[2 * (Limits.LEFT_MAX + 1)];
    for (int i = 0; i < names.length; i += 2) {
      names[i] = "v" + i;
      names[i + 1] = "x";
    }
    assertRefused(Codes.FUNCTION_OUTPUT, TestTree.tar(names), "it left 101 variables");
  }
}
