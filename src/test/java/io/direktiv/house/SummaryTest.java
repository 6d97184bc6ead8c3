package io.direktiv.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The closing summary of `./dev check`, over reports of the form that surefire writes.
class SummaryTest {
  private static final String PASSED = "<testcase name=\"passes\"/>";

  @TempDir Path folder;
  private Path installer;

  private record Ran(int code, String out) {}

  @BeforeEach
  void makeMachine() throws IOException {
    installer = Files.createDirectory(folder.resolve("bin")).resolve("apt-get");
    Files.createFile(
        installer,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }

  @Test
  void countsSkipsByReason() throws Exception {
    // given
    report("surefire-reports", 4, 2, PASSED, aborted("strace is not installed"));
    report("e2e-reports", 2, 1, aborted("Assumption failed: strace is not installed"), PASSED);
    report("surefire-reports", 2, 1, "<skipped message=\"too slow here\"/>", PASSED);

    // when
    Ran ran = summary("root");

    // then
    assertThat(ran.out)
        .isEqualTo(
            """
            skipped 2: strace is not installed
            skipped 1: too slow here

            4 passed, 0 failed, 4 skipped
            """);
    assertThat(ran.code).isZero();
  }

  @Test
  void inCiASkipIsAFailureWhereTheTestCouldRun() throws Exception {
    // given
    report("surefire-reports", 3, 1, aborted("podman is not here; install it"), PASSED);

    // when
    Ran ran = summary("root", "--ci");

    // then
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.out)
        .startsWith("skipped 1: podman is not here; install it (this machine can run it)\n")
        .contains("2 passed, 0 failed, 1 skipped\n1 of the skipped tests run on this kind");
  }

  @Test
  void inCiASkipWithoutAReasonHasNoExcuse() throws Exception {
    report("surefire-reports", 2, 1, "<skipped/>", PASSED);

    Ran ran = summary("root", "--ci");

    assertThat(ran.out).startsWith("skipped 1: no reason is given (this machine can run it)\n");
    assertThat(ran.code).isEqualTo(1);
  }

  @Test
  void inCiWhatNoPackageHelpsAgainstIsExcused() throws Exception {
    report(
        "surefire-reports",
        4,
        2,
        aborted("jq's suite is not beside the project"),
        aborted("dockerd does not run on this machine: failed to start [cgroups]\nmore lines"));

    Ran ran = summary("root", "--ci");

    assertThat(ran.out)
        .contains("skipped 1: dockerd does not run on this machine: failed to start [cgroups]\n")
        .doesNotContain("more lines", "can run it");
    assertThat(ran.code).isZero();
  }

  @Test
  void inCiOfAnotherKindOfMachineEverySkipIsExcused() throws Exception {
    report("surefire-reports", 2, 1, aborted("the runtime oci needs root"), PASSED);

    assertThat(summary("somebody", "--ci").code).isZero();
    Files.delete(installer);
    assertThat(summary("root", "--ci").code).isZero();
  }

  @Test
  void aFailureAndNothingRunAreFailures() throws Exception {
    assertThat(summary("root").code).isEqualTo(1);
    report("surefire-reports", 1, 1, aborted("strace is not installed"));
    assertThat(summary("root").code).isEqualTo(1);
    Path reports = folder.resolve("target/surefire-reports");
    Files.writeString(
        reports.resolve("TEST-fails.xml"),
        "<testsuite name=\"fails\" tests=\"2\" errors=\"0\" skipped=\"0\" failures=\"1\"/>");
    assertThat(summary("root"))
        .isEqualTo(
            new Ran(1, "skipped 1: strace is not installed\n\n1 passed, 1 failed, 1 skipped\n"));
  }

  private static String aborted(String reason) {
    return "<testcase name=\"aborts\"><skipped type=\"org.opentest4j.TestAbortedException\">"
        + "<![CDATA[org.opentest4j.TestAbortedException: "
        + reason
        + "\n\tat io.direktiv.AnyTest.test(AnyTest.java:1)\n]]></skipped></testcase>";
  }

  private void report(String kind, int tests, int skipped, String... cases) throws IOException {
    Path reports = Files.createDirectories(folder.resolve("target").resolve(kind));
    Files.writeString(
        Files.createTempFile(reports, "TEST-", ".xml"),
        "<testsuite name=\"any\" time=\"1\" tests=\"%d\" errors=\"0\" skipped=\"%d\" failures=\"0\">"
                .formatted(tests, skipped)
            + String.join("\n", cases)
            + "</testsuite>");
  }

  /// Runs the command in a folder of its own, on a machine with `apt-get` and nothing else.
  private Ran summary(String user, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Duser.name=" + user, "-Dstdout.encoding=UTF-8"));
    command.addAll(List.of(Path.of("tools/Dev.java").toAbsolutePath().toString(), "summary"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PATH", installer.getParent().toString());
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out);
  }
}
