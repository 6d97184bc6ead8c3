package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.archive.TarReader;
import io.direktiv.functions.data.GivenFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every [Runtime] must do.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class RuntimeContract extends CalledContract {
  /// Why this runtime cannot limit what sandboxes use on this machine; empty when it can.
  protected String limitsMissing() {
    return "";
  }

  /// Why sandboxes of this runtime have no users but root on this machine; empty when they have.
  protected String usersMissing() {
    return "";
  }

  private void requireLimits() {
    assumeTrue(limitsMissing().isEmpty(), limitsMissing());
  }

  private SandboxEnd run(String script) throws SandboxException {
    return runtime().run(sandbox(script), _ -> {});
  }

  private static String text(SandboxEnd end, String file) {
    return new String(
        ((SandboxFile.Content) end.files().get(file)).bytes(), StandardCharsets.UTF_8);
  }

  private static SandboxLimits limits(Duration time) {
    return new SandboxLimits(1, 64L << 20, 64, 256, 32L << 20, 0, time, SandboxLimits.Network.NONE);
  }

  @Test
  void carriesFilesInAndOut() throws Exception {
    // when
    SandboxEnd end = run("sed s/1/2/ /direktiv-data/data.in > /direktiv-data/data.out");

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(text(end, "data.out")).isEqualTo("{\"n\":2}");
    assertThat(end.files()).doesNotContainKey("error.json");
  }

  @Test
  void letsAnotherUserThanRootWriteFiles() throws Exception {
    assumeTrue(usersMissing().isEmpty(), usersMissing());
    // when
    SandboxEnd end =
        runtime()
            .run(
                sandbox(
                    userImage(),
                    "cd /direktiv-data; cat data.in >> data.out; id -u >> data.out",
                    LIMITS),
                _ -> {});

    // then
    assertThat(text(end, "data.out")).isEqualTo("{\"n\":1}1000\n");
  }

  private Sandbox sandbox(
      String script, Map<String, GivenFile> filesIn, Map<String, Integer> filesOut) {
    return sandbox(script).withFiles(filesIn, filesOut);
  }

  @Test
  void carriesFoldersInAndOut() throws Exception {
    // given
    String longName = "n".repeat(150);
    Map<String, GivenFile> files =
        Map.of(
            "a/",
            new GivenFile.Folder(),
            "a/b/",
            new GivenFile.Folder(),
            "a/b/" + longName,
            GivenFile.of("deep".getBytes(StandardCharsets.UTF_8)),
            "a/go.sh",
            new GivenFile.Content("#!/bin/sh\necho ran".getBytes(StandardCharsets.UTF_8), true),
            "out/",
            new GivenFile.Folder(),
            "out/x/",
            new GivenFile.Folder());
    String script =
        "cd /direktiv-data; a/go.sh > out/x/one; cat a/b/n* > out/x/two; mkdir -p out/x/t/u;"
            + " echo three > out/x/t/u/three; ln -s /etc/passwd out/x/t/link; chmod +x out/x/one";

    // when
    SandboxEnd end =
        runtime().run(sandbox(script, files, Map.of("out/x/", 1 << 20, "out/y/", 100)), _ -> {});

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(end.files()).doesNotContainKey("out/y/");
    assertThat(entries(end.files().get("out/x/")))
        .containsExactlyInAnyOrder(
            "0 one 755 ran\n",
            "0 two 644 deep",
            "5 t/",
            "5 t/u/",
            "0 t/u/three 644 three\n",
            "2 t/link");
  }

  private static List<String> entries(SandboxFile file) throws IOException {
    byte[] bytes = ((SandboxFile.Archive) file).tar();
    TarReader tar = new TarReader(new ByteArrayInputStream(bytes), bytes.length);
    List<String> entries = new ArrayList<>();
    for (Optional<TarReader.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarReader.Entry entry = next.get();
      String content = new String(tar.content(1_000), StandardCharsets.UTF_8);
      String mode = " " + Integer.toOctalString(entry.owner().mode()) + " ";
      entries.add(entry.type() + " " + entry.name() + (entry.isFile() ? mode + content : ""));
    }
    return entries;
  }

  @Test
  void letsAnyUserWriteToGivenFolders() throws Exception {
    assumeTrue(usersMissing().isEmpty(), usersMissing());
    // when
    SandboxEnd end =
        runtime()
            .run(
                sandbox(userImage(), "echo mine > /direktiv-data/out/mine", LIMITS)
                    .withFiles(Map.of("out/", new GivenFile.Folder()), Map.of("out/", 1 << 20)),
                _ -> {});

    // then
    assertThat(entries(end.files().get("out/"))).containsExactly("0 mine 644 mine\n");
  }

  @Test
  void doesNotReadAFolderThatIsTooLargeOrNone() throws Exception {
    // when
    SandboxEnd end =
        runtime()
            .run(
                sandbox(
                    "cd /direktiv-data; mkdir big; truncate -s 2M big/x; ln -s /etc link;"
                        + " echo x > file",
                    Map.of(),
                    Map.of("big/", 1 << 20, "link/", 1 << 20, "file/", 1 << 20)),
                _ -> {});

    // then
    assertThat(end.files())
        .containsEntry("big/", new SandboxFile.TooLarge(1 << 20))
        .containsEntry("link/", new SandboxFile.NotAFile("a symbolic link"));
    assertThat(end.files().get("file/")).isInstanceOf(SandboxFile.NotAFile.class);
  }

  @Test
  void tellsWhereAnImageSaysThatItListens() throws Exception {
    assertThat(runtime().image(sandbox(serverImage(), "true", LIMITS), _ -> {}).exposedPorts())
        .containsExactly("8080/tcp");
    assertThat(runtime().image(sandbox("true"), _ -> {}).exposedPorts()).isEmpty();
  }

  @Test
  void saysThatAnImageIsMissingBeforeItLooksForPorts() {
    Sandbox missing = sandbox("127.0.0.1:1/nobody/nothing:v1", "true", LIMITS);
    assertThatThrownBy(() -> runtime().image(missing, _ -> {}))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.code()).isEqualTo(Codes.FUNCTION_IMAGE));
  }

  @Test
  void setsTheEnvironment() throws Exception {
    assertThat(text(run("printf \"$COLOUR\" > /direktiv-data/data.out"), "data.out"))
        .isEqualTo("a blue one");
  }

  @Test
  void tellsTheExitCodeAndStillBringsFiles() throws Exception {
    // when
    SandboxEnd end = run("printf x > /direktiv-data/error.json; exit 3");

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(3));
    assertThat(text(end, "error.json")).isEqualTo("x");
  }

  @Test
  void tellsTheSignalThatEndedIt() throws Exception {
    // A child dies of it and its shell reports it as engines do, since a first process cannot kill
    // itself.
    assertThat(run("sh -c 'kill -9 $$'; exit $?").exit()).isEqualTo(new Exit.Signalled(9));
  }

  @Test
  void handsLinesOnWhileTheSandboxRuns() throws Exception {
    // given
    Sandbox sandbox = sandbox("echo out; echo err >&2; sleep 100");
    List<OutputLine> lines = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> both = new CompletableFuture<>();
    Attendant output =
        line -> {
          lines.add(line);
          if (lines.size() == 2) {
            both.complete(null);
          }
        };

    // when
    Future<SandboxEnd> end = inBackground(() -> runtime().run(sandbox, output));
    both.get(60, TimeUnit.SECONDS);
    boolean isRunning = !end.isDone();
    runtime().stop(sandbox.id());

    // then
    assertThat(isRunning).isTrue();
    assertThat(lines)
        .containsExactlyInAnyOrder(new OutputLine(false, "out"), new OutputLine(true, "err"));
    assertThat(end.get(60, TimeUnit.SECONDS).exit()).isEqualTo(new Exit.Stopped());
  }

  @Test
  void losesNoOutputOfASandboxThatEndsAtOnce() throws Exception {
    for (int i = 0; i < 10; i++) {
      List<OutputLine> lines = new CopyOnWriteArrayList<>();
      runtime().run(sandbox("seq 1 500; printf end"), lines::add);
      assertThat(lines).hasSize(501).endsWith(new OutputLine(false, "end"));
    }
  }

  @Test
  void cutsLinesThatAreTooLong() throws Exception {
    // given
    List<OutputLine> lines = new CopyOnWriteArrayList<>();

    // when
    runtime().run(sandbox("head -c 10000 /dev/zero | tr '\\0' x; echo; echo next"), lines::add);

    // then
    assertThat(lines)
        .containsExactly(
            new OutputLine(false, "x".repeat(8_192) + "… (1808 more bytes were cut)"),
            new OutputLine(false, "next"));
  }

  @Test
  void carriesAFloodOfOutput() throws Exception {
    // given
    LongAdder bytes = new LongAdder();

    // when
    SandboxEnd end =
        runtime()
            .run(
                sandbox("yes 0123456 | head -c 50000000; yes 0123456 | head -c 50000000 >&2"),
                line -> bytes.add(line.text().length() + 1));

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(bytes.sum()).isEqualTo(100_000_000);
  }

  @Test
  void asksASandboxToEndBeforeItKills() throws Exception {
    // given
    Sandbox sandbox = sandbox("trap 'echo bye; exit 0' TERM; echo ready; sleep 100 & wait");
    List<OutputLine> lines = new CopyOnWriteArrayList<>();

    // when
    SandboxEnd end = stoppedWhenReady(sandbox, lines);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Stopped());
    assertThat(lines).contains(new OutputLine(false, "bye"));
  }

  @Test
  void killsASandboxThatDoesNotWantToEnd() throws Exception {
    // given
    Sandbox sandbox = sandbox("trap '' TERM; echo ready; sleep 100; sleep 100");

    // when
    SandboxEnd end = stoppedWhenReady(sandbox, new CopyOnWriteArrayList<>());

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Stopped());
  }

  private SandboxEnd stoppedWhenReady(Sandbox sandbox, List<OutputLine> lines) throws Exception {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Future<SandboxEnd> end =
        inBackground(() ->
            runtime()
                .run(
                    sandbox,
                    line -> {
                      lines.add(line);
                      ready.complete(null);
                    }));
    ready.get(60, TimeUnit.SECONDS);
    runtime().stop(sandbox.id());
    runtime().stop(sandbox.id());
    return end.get(60, TimeUnit.SECONDS);
  }

  @Test
  void isNotDisturbedByAStopOfAnUnknownSandbox() {
    runtime().stop("direktiv-unknown");
  }

  @Test
  void endsASandboxThatRunsTooLong() throws Exception {
    // given
    Duration time = Duration.ofMillis(800);

    // when
    SandboxEnd end = runtime().run(sandbox(image(), "sleep 100", limits(time)), _ -> {});

    // then
    assertThat(end.exit()).isEqualTo(new Exit.TimedOut(time));
  }

  @Test
  void endsASandboxThatWantsTooMuchMemory() throws Exception {
    requireLimits();
    assertThat(run("x=a; while true; do x=$x$x$x; done").exit())
        .isEqualTo(new Exit.OutOfMemory(64L << 20));
  }

  @Test
  void tellsThatAChildWasKilledForMemory() throws Exception {
    requireLimits();
    assertThat(run("sh -c 'x=a; while true; do x=$x$x$x; done'; exit 5").exit())
        .isEqualTo(new Exit.OutOfMemory(64L << 20));
  }

  @Test
  void boundsProcesses() throws Exception {
    requireLimits();
    // when
    SandboxEnd end = run("for i in $(seq 1 200); do sleep 20 & done; exit 0");

    // then
    assertThat(end.exit()).isNotEqualTo(new Exit.Exited(0));
  }

  @Test
  void boundsOpenFilesAndTheSizeOfFiles() throws Exception {
    requireLimits();
    // when
    SandboxEnd end =
        run(
            "cd /direktiv-data; ulimit -n > data.out;"
                + " dd if=/dev/zero of=/tmp/big bs=1M count=40;"
                + " ls -l /tmp/big >> data.out; exit 0");

    // then
    assertThat(text(end, "data.out")).startsWith("256\n").contains(" " + (32 << 20) + " ");
  }

  @Test
  void givesNoNetworkWhenNoneIsWanted() throws Exception {
    assertThat(text(run("ip -o link > /direktiv-data/data.out"), "data.out"))
        .contains("lo:")
        .doesNotContain("eth")
        .hasLineCount(1);
  }

  @Test
  void givesNoWayToMorePrivileges() throws Exception {
    assertThat(text(run("grep NoNewPrivs /proc/self/status > /direktiv-data/data.out"), "data.out"))
        .isEqualTo("NoNewPrivs:\t1\n");
  }

  @Test
  void doesNotFollowALinkOutOfTheDataFolder() throws Exception {
    // when
    SandboxEnd end = run("ln -s /etc/passwd /direktiv-data/data.out");

    // then
    assertThat(end.files().get("data.out")).isEqualTo(new SandboxFile.NotAFile("a symbolic link"));
  }

  @Test
  void doesNotReadAFolderOrAPipe() throws Exception {
    // when
    SandboxEnd end = run("cd /direktiv-data; mkdir -p data.out/x; mkfifo error.json");

    // then
    assertThat(end.files().get("data.out")).isEqualTo(new SandboxFile.NotAFile("a directory"));
    assertThat(end.files().get("error.json")).isEqualTo(new SandboxFile.NotAFile("a named pipe"));
  }

  @Test
  void doesNotReadAFileThatIsTooLarge() throws Exception {
    // when
    SandboxEnd end = run("truncate -s 20M /direktiv-data/data.out");

    // then
    assertThat(end.files().get("data.out")).isEqualTo(new SandboxFile.TooLarge(1 << 20));
  }

  @Test
  void findsAResultBesideALotOfOtherFiles() throws Exception {
    // when
    SandboxEnd end =
        run(
            "cd /direktiv-data; for i in 1 2 3; do truncate -s 30M a$i; done;"
                + " truncate -s 2M error.json; printf 7 > data.out");

    // then
    assertThat(text(end, "data.out")).isEqualTo("7");
    assertThat(end.files().get("error.json")).isEqualTo(new SandboxFile.TooLarge(1 << 10));
  }

  @Test
  void findsNothingWhenTheDataFolderIsGoneOrALink() throws Exception {
    assertThat(run("rm -rf /direktiv-data").files()).isEmpty();
    assertThat(run("rm -rf /direktiv-data; ln -s /etc /direktiv-data").files()).isEmpty();
  }

  @Test
  void saysWhichImageIsMissing() {
    assertThatThrownBy(
            () -> runtime().run(sandbox("127.0.0.1:1/nobody/nothing:v1", "true", LIMITS), _ -> {}))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> {
              assertThat(e.code()).isEqualTo(Codes.FUNCTION_IMAGE);
              assertThat(e)
                  .hasMessageContaining("127.0.0.1:1/nobody/nothing:v1")
                  .hasMessageContaining("connection refused")
                  .hasMessageContaining("load the image");
            });
  }

  @Test
  void saysThatAReferenceIsNone() {
    for (String image : List.of("", "a b", "../../x", "x?y=z", "-x", "UPPER/Case:v1")) {
      assertThatThrownBy(() -> runtime().run(sandbox(image, "true", LIMITS), _ -> {}))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.code()).isEqualTo(Codes.FUNCTION_IMAGE));
    }
  }

  @Test
  void runsManyAtOnceWithoutMixingThem() throws Exception {
    // given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // when
      List<Future<String>> results =
          IntStream.range(0, 16)
              .mapToObj(i ->
                  threads.submit(
                      () -> text(run("printf " + i + " > /direktiv-data/data.out"), "data.out")))
              .toList();

      // then
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isEqualTo(String.valueOf(i));
      }
    }
  }

  @Test
  void givesStdinAndBringsStdoutAsItIs() throws Exception {
    // given
    byte[] input = "0123456789abcde\n".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
    TestAttendant attendant = new TestAttendant(input);

    // when
    SandboxEnd end = runtime().run(sandbox("cat; echo done >&2"), attendant);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(attendant.out.toByteArray()).isEqualTo(input);
    assertThat(attendant.lines).containsExactly(new OutputLine(true, "done"));
  }

  @Test
  void isNotDisturbedByASandboxThatDoesNotReadItsStdin() throws Exception {
    // given
    TestAttendant attendant = new TestAttendant(new byte[4 << 20]);

    // when
    SandboxEnd end = runtime().run(sandbox("printf out"), attendant);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(attendant.out.toString(StandardCharsets.UTF_8)).isEqualTo("out");
  }
}
