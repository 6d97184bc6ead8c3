package io.direktiv.functions.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.model.FunctionDefinition.FileType;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import io.direktiv.model.VariableScope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Variables as files (reference 1.4).
class VariableFilesTest {
  private final Map<String, byte[]> values = new HashMap<>();
  private final List<FunctionFile> wanted = new ArrayList<>();

  private final FunctionVariables variables =
      new FunctionVariables() {
        @Override
        public Optional<byte[]> read(VariableScope scope, String key) {
          return Optional.ofNullable(values.get(scope.word() + " " + key));
        }

        @Override
        public boolean write(Effect.SetVariable variable) {
          throw new AssertionError("nothing is written");
        }

        @Override
        public void leave(List<Effect.SetVariable> left) {
          throw new AssertionError("nothing is left");
        }
      };

  private void want(VariableScope scope, String key, String as, FileType type, byte[] value) {
    wanted.add(new FunctionFile(scope, key, as, type));
    values.put(scope.word() + " " + key, value);
  }

  private void want(String as, FileType type, byte[] value) {
    want(VariableScope.WORKFLOW, "v" + wanted.size(), as, type, value);
  }

  /// What a function finds, beside the folders in which it leaves variables.
  private Map<String, String> found() throws VariableException {
    Map<String, GivenFile> files = VariableFiles.of(wanted, variables);
    assertThat(files).containsKeys("out/", "out/instance/", "out/workflow/", "out/namespace/");
    return files.entrySet().stream()
        .filter(file -> !file.getKey().startsWith("out/"))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                file ->
                    switch (file.getValue()) {
                      case GivenFile.Folder() -> "";
                      case GivenFile.Content(byte[] bytes, boolean isExecutable) ->
                          new String(bytes, StandardCharsets.UTF_8) + (isExecutable ? " runs" : "");
                    },
                (a, _) -> a,
                TreeMap::new));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertRefused(String... texts) {
    assertThatThrownBy(this::found)
        .isInstanceOfSatisfying(
            VariableException.class, e -> assertThat(e.code()).isEqualTo(Codes.FUNCTION_IO))
        .hasMessageContainingAll(texts);
  }

  @Test
  void takesEachVariableFromItsScope() throws Exception {
    // given
    want(VariableScope.INSTANCE, "k", "a", FileType.PLAIN, bytes("of the instance"));
    want(VariableScope.WORKFLOW, "k", "b", FileType.PLAIN, bytes("of the workflow"));
    want(VariableScope.NAMESPACE, "k", "c/d/e", FileType.PLAIN, bytes("of the namespace"));

    // then
    assertThat(found())
        .containsExactly(
            Map.entry("a", "of the instance"),
            Map.entry("b", "of the workflow"),
            Map.entry("c/", ""),
            Map.entry("c/d/", ""),
            Map.entry("c/d/e", "of the namespace"));
  }

  @Test
  void makesEmptyFilesAndFoldersOfVariablesThatAreNotThere() throws Exception {
    // given
    for (FileType type : FileType.values()) {
      wanted.add(new FunctionFile(VariableScope.INSTANCE, "k", type.word(), type));
    }

    // then
    assertThat(found())
        .containsExactly(
            Map.entry("base64", ""),
            Map.entry("plain", ""),
            Map.entry("tar.gz/", ""),
            Map.entry("tar/", ""));
  }

  @Test
  void decodesBase64AlsoInLines() throws Exception {
    // given
    want("a", FileType.BASE64, bytes("aGVs\r\nbG8=\n"));

    // then
    assertThat(found()).containsExactly(Map.entry("a", "hello"));
  }

  @Test
  void unpacksArchivesAsFolders() throws Exception {
    // given
    byte[] tar =
        TestTree.tar("./", "./run.sh", "go", "./conf/", "./conf/app.yml", "x", "e/", "a/b", "y");
    want("one", FileType.TAR, tar);
    want("two", FileType.TAR_GZ, TestTree.packed(tar));

    // then
    assertThat(found())
        .containsExactly(
            Map.entry("one/", ""),
            Map.entry("one/a/", ""),
            Map.entry("one/a/b", "y"),
            Map.entry("one/conf/", ""),
            Map.entry("one/conf/app.yml", "x"),
            Map.entry("one/e/", ""),
            Map.entry("one/run.sh", "go runs"),
            Map.entry("two/", ""),
            Map.entry("two/a/", ""),
            Map.entry("two/a/b", "y"),
            Map.entry("two/conf/", ""),
            Map.entry("two/conf/app.yml", "x"),
            Map.entry("two/e/", ""),
            Map.entry("two/run.sh", "go runs"));
  }

  @Test
  void refusesWhatIsNotWhatItsTypeSays() throws Exception {
    want("a", FileType.BASE64, bytes("s3cret!"));
    assertRefused("variable \"v0\" of scope workflow is no Base64", "the type plain");
    assertThatThrownBy(this::found).message().doesNotContain("s3cret");
  }

  @Test
  void refusesAnArchiveThatIsNone() {
    want("a", FileType.TAR_GZ, bytes("hello"));
    assertRefused("variable \"v0\" of scope workflow is no archive of type tar.gz");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../up", "a/../../up", ".."})
  void refusesPathsThatLeaveTheFolder(String path) throws Exception {
    want("a", FileType.TAR, TestTree.tar(path, "x"));
    assertRefused("is an archive with a path that leaves its folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:a hard link", "2:a symbolic link", "3:a device", "6:a named pipe"})
  void refusesWhatIsNoFileAndNoFolder(String entry) throws Exception {
    want("a", FileType.TAR, TestTree.tar(entry));
    assertRefused("is an archive with " + entry.substring(2));
  }

  @Test
  void refusesMoreBytesThanAllFilesMayHave() {
    want("a", FileType.PLAIN, new byte[Limits.GIVEN_BYTES_MAX / 2]);
    want("b", FileType.PLAIN, new byte[Limits.GIVEN_BYTES_MAX / 2]);
    want("c", FileType.PLAIN, new byte[1]);
    assertRefused("variable \"v2\"", "larger than 32 MiB in all");
  }

  @Test
  void refusesAnArchiveThatIsSmallAndComesToMuch() throws Exception {
    byte[] bomb = TestTree.packed(TestTree.tar("a", "0".repeat(Limits.GIVEN_BYTES_MAX + 1)));
    assertThat(bomb.length).isLessThan(1 << 20);
    want("a", FileType.TAR_GZ, bomb);
    assertRefused("larger than 32 MiB in all");
  }

  @Test
  void refusesMoreFilesThanThereMayBe() throws Exception {
    String[] names = new String[2 * (Limits.ENTRIES_MAX + 1)];
    for (int i = 0; i < names.length; i += 2) {
      names[i] = "f" + i;
      names[i + 1] = "";
    }
    want("a", FileType.TAR, TestTree.tar(names));
    assertRefused("has more than 10000 files and folders");
  }

  @Test
  void refusesTwoThingsAtOnePlace() throws Exception {
    want("a", FileType.PLAIN, bytes("x"));
    want("a/b", FileType.PLAIN, bytes("y"));
    assertRefused("variable \"v1\" of scope workflow belongs at \"a\", where another file");
  }

  @Test
  void refusesAFileWhereAFolderIs() throws Exception {
    want("a/b", FileType.PLAIN, bytes("y"));
    want("a", FileType.PLAIN, bytes("x"));
    assertRefused("belongs at \"a\", where another file or folder");
  }
}
