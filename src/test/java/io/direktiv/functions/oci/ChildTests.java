package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Test classes that are run by a process of their own: of another user, in another network.
///
/// @param folder what the process may write to; it has a folder `tmp`
/// @param prefix the command before that of the process
/// @param environment is added to its environment
/// @param classPath its classes
record ChildTests(
    Path folder, List<String> prefix, Map<String, String> environment, String classPath) {
  private static final int TIME_SECONDS = 240;

  /// Runs `classes`; each of their tests becomes one here.
  Stream<DynamicTest> run(List<Class<?>> classes) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(prefix);
    line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    line.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp", classPath));
    line.addAll(List.of("-Djava.io.tmpdir=" + folder.resolve("tmp"), UserMain.class.getName()));
    classes.stream().map(Class::getName).forEach(line::add);
    Path output = folder.resolve("said");
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder.directory(folder.toFile());
    Process process = builder.start();
    if (!process.waitFor(TIME_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    List<String> said = Files.readAllLines(output);
    List<DynamicTest> tests =
        said.stream().filter(text -> text.startsWith("@@ ")).map(ChildTests::test).toList();
    assertThat(tests).as(String.join("\n", said)).hasSizeGreaterThanOrEqualTo(classes.size());
    assertThat(process.exitValue()).isZero();
    return tests.stream();
  }

  private static DynamicTest test(String line) {
    String[] words = line.substring("@@ ".length()).split("\t", -1);
    String parent = words[1].replaceAll(".*\\.(\\w+)]$", "$1");
    return DynamicTest.dynamicTest(
        parent + " " + words[2],
        () -> {
          switch (words[0]) {
            case "passed" -> {}
            case "skipped" -> assumeTrue(false, words[3]);
            default -> fail(words[3]);
          }
        });
  }
}
