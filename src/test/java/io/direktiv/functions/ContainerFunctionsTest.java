package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Failure;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.FunctionDefinition.Size;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The files contract of v0.1 (reference 1.4) and the codes of function errors.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ContainerFunctionsTest {
  private static final Exit OK = new Exit.Exited(0);
  private final List<LogLine> log = new ArrayList<>();

  private static FunctionDefinition function(
      Size size, Optional<String> command, Optional<String> contract, Optional<String> isolation) {
    return new FunctionDefinition(
        "resize", "host/resize:v1", size, command, 0, contract, isolation, List.of());
  }

  private static FunctionCall call(int branch, FunctionDefinition function) {
    return new FunctionCall(
        new ActionId(new InstanceId("ns", "flow", "AAAAAA"), 1, branch),
        "ns",
        function,
        Json.parse("{\"n\":1}"),
        Optional.empty(),
        FunctionVariables.NONE);
  }

  private static FunctionCall call() {
    return call(0, function(Size.SMALL, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private static ContainerFunctions functions(Runtime runtime, int concurrency) {
    FunctionSettings standard = FunctionSettings.DEFAULT;
    return new ContainerFunctions(
        runtime,
        (namespace, image) ->
            Optional.of(new RegistryCredentials("host", namespace, "token of " + image)),
        new FunctionSettings(
            concurrency,
            standard.memoryBytes(),
            standard.diskBytes(),
            standard.time(),
            standard.network(),
            standard.pool()),
        InstantSource.system());
  }

  private Outcome outcome(Runtime runtime) {
    return functions(runtime, 8).call(call(), log::add);
  }

  private Outcome outcome(Exit exit, String... files) {
    return outcome(FakeRuntime.leaving(exit, files));
  }

  private static void assertFailed(Outcome outcome, String code, String... texts) {
    Failure failure = ((Outcome.Failed) outcome).failure();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.CATCHABLE);
    assertThat(failure.error().code()).isEqualTo(code);
    assertThat(failure.error().message()).contains(texts);
  }

  private static String text(Sandbox sandbox, String path) {
    GivenFile.Content file = (GivenFile.Content) sandbox.filesIn().get(path);
    return new String(file.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void givesTheInputAsDataIn() {
    // given
    FakeRuntime runtime = FakeRuntime.leaving(OK, "data.out", "1");

    // when
    outcome(runtime);

    // then
    Sandbox sandbox = runtime.ran.getFirst();
    assertThat(text(sandbox, "data.in")).isEqualTo("{\"n\":1}");
    assertThat(sandbox.image()).isEqualTo("host/resize:v1");
    assertThat(sandbox.command()).isEmpty();
    assertThat(text(sandbox, "action.id")).isEqualTo("ns/flow/AAAAAA:1:0");
    assertThat(sandbox.environment()).containsOnlyKeys("DIREKTIV_DIR");
    assertThat(sandbox.namespace()).isEqualTo("ns");
    assertThat(sandbox.credentials().orElseThrow().user()).isEqualTo("ns");
    assertThat(sandbox.toString()).doesNotContain("token");
  }

  @ParameterizedTest
  @CsvSource({
    "8080/tcp, , 0",
    "8080, , 0",
    "8080/udp, , 2",
    "80/tcp, , 2",
    "18080/tcp, , 2",
    "8080/tcp, files, 2",
    "8080/tcp, stdio, 0",
    "80/tcp, http, 0"
  })
  void asksAnImageThatExposesPort8080OverHttpWhenTheFunctionNamesNoContract(
      String port, String contract, int files) {
    // given
    FakeRuntime runtime = FakeRuntime.leaving(new Exit.Exited(1));
    runtime.exposedPorts = Set.of("9090/tcp", port);

    // when
    functions(runtime, 1)
        .call(
            call(
                0,
                function(
                    Size.SMALL, Optional.empty(), Optional.ofNullable(contract), Optional.empty())),
            log::add);

    // then
    assertThat(runtime.ran.getFirst().filesIn().keySet())
        .filteredOn(path -> !path.startsWith("out/"))
        .hasSize(files);
  }

  @ParameterizedTest
  @CsvSource({"SMALL, 256, 1", "MEDIUM, 512, 1", "LARGE, 1024, 2"})
  void limitsBySize(Size size, long mebibytes, double cpus) {
    // given
    FakeRuntime runtime = FakeRuntime.leaving(OK, "data.out", "1");

    // when
    functions(runtime, 1)
        .call(
            call(0, function(size, Optional.of("go"), Optional.empty(), Optional.empty())),
            log::add);

    // then
    SandboxLimits limits = runtime.ran.getFirst().limits();
    assertThat(limits.memoryBytes()).isEqualTo(mebibytes << 20);
    assertThat(limits.cpus()).isEqualTo(cpus);
    assertThat(limits.time()).isEqualTo(Duration.ofHours(24));
    assertThat(runtime.ran.getFirst().command()).containsExactly("go");
  }

  @Test
  void returnsJson() {
    assertThat(outcome(OK, "data.out", " {\"a\": [1]}\n"))
        .isEqualTo(new Outcome.Returned(Json.parse("{\"a\":[1]}")));
  }

  @Test
  void returnsAnythingElseInBase64() {
    assertThat(outcome(OK, "data.out", "hello")).isEqualTo(returned("aGVsbG8="));
    assertThat(outcome(OK, "data.out", "")).isEqualTo(returned(""));
    assertThat(outcome(OK, "data.out", "{\"a\":1} x")).isEqualTo(returned("eyJhIjoxfSB4"));
  }

  private static Outcome returned(String text) {
    return new Outcome.Returned(Json.of(text));
  }

  @Test
  void raisesTheErrorOfErrorJsonAndIgnoresTheResult() {
    // when
    Outcome outcome =
        outcome(
            OK,
            "data.out",
            "{}",
            "error.json",
            "{\"errorCode\":\"com.test\",\"errorMessage\":\"too large\"}");

    // then
    assertThat(outcome).isEqualTo(new Outcome.Failed(Failure.catchable("com.test", "too large")));
    assertThat(log)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.level()).isEqualTo(LogLine.Level.ERROR);
          assertThat(line.message()).isEqualTo("too large");
        });
  }

  @Test
  void raisesTheErrorOfErrorJsonWhateverTheExitCode() {
    assertFailed(
        outcome(
            new Exit.Exited(1),
            "error.json",
            "{\"errorCode\":\"com.test\",\"errorMessage\":\"bad\"}"),
        "com.test",
        "bad");
  }

  @Test
  void ignoresAnEmptyErrorJson() {
    assertThat(outcome(OK, "data.out", "1", "error.json", ""))
        .isEqualTo(new Outcome.Returned(Json.of(1)));
  }

  @Test
  void crashesOnAMessageWithoutACode() {
    // when
    Outcome outcome = outcome(OK, "error.json", "{\"errorMessage\":\"boom\"}");

    // then
    Failure failure = ((Outcome.Failed) outcome).failure();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.INTERNAL);
    assertThat(failure.error().message()).contains("boom");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "[1]", "{}", "{\"errorCode\":7}", "\"x\""})
  void raisesAnIoErrorForAnErrorJsonThatIsNone(String text) {
    assertFailed(outcome(OK, "error.json", text), "au.com.direktiv.error.io", "error.json");
  }

  @Test
  void raisesAnIoErrorWithoutAResult() {
    assertFailed(outcome(OK), "au.com.direktiv.error.io", "data.out", "resize");
  }

  @Test
  void raisesAnIoErrorForAResultThatIsNoFile() {
    assertFailed(
        outcome(left("data.out", new SandboxFile.NotAFile("a named pipe"))),
        "au.com.direktiv.error.io",
        "a named pipe at /direktiv-data/data.out");
    assertFailed(
        outcome(left("error.json", new SandboxFile.NotAFile("a directory"))),
        "au.com.direktiv.error.io",
        "a directory at /direktiv-data/error.json");
  }

  private static Runtime left(String name, SandboxFile file) {
    return new FakeRuntime((_, _) -> new SandboxEnd(OK, Map.of(name, file)));
  }

  @Test
  void raisesOutputForAResultThatIsTooLarge() {
    assertFailed(
        outcome(left("data.out", new SandboxFile.TooLarge(16 << 20))),
        "direktiv.function.output",
        "16 MiB");
  }

  @Test
  void raisesExitMemoryAndTimeout() {
    assertFailed(outcome(new Exit.Exited(3), "data.out", "1"), "direktiv.function.exit", "code 3");
    assertFailed(outcome(new Exit.Signalled(9)), "direktiv.function.exit", "signal 9", "256 MiB");
    assertFailed(
        outcome(new Exit.OutOfMemory(256 << 20)),
        "direktiv.function.memory",
        "out of memory (limit 256 MiB)");
    assertFailed(
        outcome(new Exit.TimedOut(Duration.ofMinutes(5))), "direktiv.function.timeout", "PT5M");
  }

  @Test
  void raisesWhatTheRuntimeSays() {
    // given
    Runtime runtime =
        new FakeRuntime((_, _) -> {
          throw new SandboxException(Codes.FUNCTION_IMAGE, "it is not there");
        });

    // then
    assertFailed(outcome(runtime), "direktiv.function.image", "host/resize:v1", "it is not there");
  }

  @Test
  void logsOutputAndTheLogFiles() {
    // given
    FakeRuntime runtime =
        new FakeRuntime((_, output) -> {
          output.line(new OutputLine(false, "out"));
          output.line(new OutputLine(true, "err"));
          return new SandboxEnd(
              OK,
              Map.of(
                  "data.out", content("1"),
                  "log.log", content("a\nb"),
                  "error.log", content("c\n")));
        });

    // when
    outcome(runtime);

    // then
    assertThat(log)
        .extracting(LogLine::level, LogLine::message, LogLine::stream)
        .containsExactly(
            tuple(LogLine.Level.INFO, "out", Optional.of(LogLine.Stream.STDOUT)),
            tuple(LogLine.Level.ERROR, "err", Optional.of(LogLine.Stream.STDERR)),
            tuple(LogLine.Level.INFO, "a", Optional.empty()),
            tuple(LogLine.Level.INFO, "b", Optional.empty()),
            tuple(LogLine.Level.ERROR, "c", Optional.empty()));
  }

  private static SandboxFile content(String text) {
    return new SandboxFile.Content(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void leavesOutLinesThatComeTooFastAndSaysHowMany() {
    // given
    FakeRuntime runtime =
        new FakeRuntime((_, output) -> {
          for (int i = 0; i < 50_000; i++) {
            output.line(new OutputLine(false, "line"));
          }
          return new SandboxEnd(OK, Map.of("data.out", content("1")));
        });

    // when
    outcome(runtime);

    // then
    assertThat(log.size()).isBetween(Limits.LOG_LINES_BURST, 20_000);
    assertThat(log.getLast().message()).contains("lines of the function were left out");
  }

  @Test
  void saysThatTheDiskWasFullWhenAFunctionFails() {
    // given
    FakeRuntime failing =
        new FakeRuntime((_, _) -> new SandboxEnd(new Exit.Exited(1), true, Map.of()));
    FakeRuntime without = new FakeRuntime((_, _) -> new SandboxEnd(OK, true, Map.of()));
    FakeRuntime returning =
        new FakeRuntime((_, _) -> new SandboxEnd(OK, true, Map.of("data.out", content("1"))));

    // then
    assertThat(outcome(failing).toString())
        .contains(Codes.FUNCTION_EXIT)
        .contains("; its disk was full (limit 1024 MiB)");
    assertThat(outcome(without).toString())
        .contains(Codes.FUNCTION_IO)
        .contains("; its disk was full (limit 1024 MiB)");
    assertThat(outcome(returning)).isEqualTo(new Outcome.Returned(Json.of(1)));
  }

  /// A sandbox of the contract stdio that prints `out` and ends with `exit`.
  private Outcome overStdio(Exit exit, byte[] out) {
    FakeRuntime runtime =
        new FakeRuntime((_, attendant) -> {
          assertThat(attendant.input()).asString().isEqualTo("{\"n\":1}");
          attendant.stdout().orElseThrow().write(out, 0, out.length);
          return SandboxEnd.of(exit);
        });
    FunctionDefinition stdio =
        function(Size.SMALL, Optional.empty(), Optional.of("stdio"), Optional.empty());
    return functions(runtime, 8).call(call(0, stdio), log::add);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":[1]}     | {"a":[1]}
          ' 7 ~'        | 7
          hello~        | "hello"
          hello^~       | "hello"
          'a~b~~'       | "a\\nb\\n"
          ''            | ""
          """)
  void takesStdoutAsJsonOrElseAsTextWithoutItsLastLineFeed(String out, String result) {
    // given
    byte[] bytes = out.replace('~', '\n').replace('^', '\r').getBytes(StandardCharsets.UTF_8);

    // then
    assertThat(overStdio(OK, bytes)).isEqualTo(new Outcome.Returned(Json.parse(result)));
  }

  @Test
  void takesStdoutThatIsNoTextAsBase64() {
    assertThat(overStdio(OK, new byte[] {(byte) 0xff, 0}))
        .isEqualTo(new Outcome.Returned(Json.of("/wA=")));
  }

  @Test
  void failsWhenAFunctionOverStdioEndsWithACode() {
    assertFailed(overStdio(new Exit.Exited(3), new byte[0]), Codes.FUNCTION_EXIT, "exit code 3");
  }

  @Test
  void stopsAFunctionThatPrintsMoreThanAResultMayHave() {
    assertFailed(
        overStdio(new Exit.Stopped(), new byte[Limits.RESULT_BYTES_MAX + 1]),
        Codes.FUNCTION_OUTPUT,
        "16 MiB",
        "stdout");
  }

  @Test
  void refusesAStrongerIsolationThanItGives() {
    // given
    FakeRuntime runtime = FakeRuntime.leaving(OK, "data.out", "1");
    FunctionDefinition function =
        function(Size.SMALL, Optional.empty(), Optional.empty(), Optional.of("microvm"));

    // then
    assertFailed(
        functions(runtime, 1).call(call(0, function), log::add),
        "direktiv.function.unavailable",
        "microvm");
  }

  @Test
  void cancelsACallThatRuns() throws Exception {
    // given
    CountDownLatch isRunning = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    FakeRuntime runtime =
        new FakeRuntime((_, _) -> {
          isRunning.countDown();
          await(end);
          return SandboxEnd.of(new Exit.Stopped());
        });
    ContainerFunctions functions = functions(runtime, 1);
    CompletableFuture<Outcome> outcome =
        CompletableFuture.supplyAsync(() -> functions.call(call(), log::add));
    isRunning.await();

    // when
    functions.cancel(call().id());
    while (runtime.stopped.isEmpty()) {
      Thread.onSpinWait();
    }
    end.countDown();

    // then
    assertThat(runtime.stopped).contains(runtime.ran.getFirst().id());
    assertFailed(outcome.get(), "direktiv.function.exit", "was stopped");
  }

  @Test
  void cancelsACallThatWaits() throws Exception {
    // given
    CountDownLatch isRunning = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    FakeRuntime runtime =
        new FakeRuntime((_, _) -> {
          isRunning.countDown();
          await(end);
          return new SandboxEnd(OK, Map.of("data.out", content("1")));
        });
    ContainerFunctions functions = functions(runtime, 1);
    CompletableFuture<Outcome> first =
        CompletableFuture.supplyAsync(() -> functions.call(call(), log::add));
    isRunning.await();
    FunctionCall second = call(1, call().function());
    CompletableFuture<Outcome> waiting = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform().start(() -> waiting.complete(functions.call(second, _ -> {})));
    while (caller.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    // when
    functions.cancel(second.id());

    // then
    assertFailed(waiting.get(), "direktiv.function.unavailable", "cancelled before it ran");
    end.countDown();
    assertThat(first.get()).isEqualTo(new Outcome.Returned(Json.of(1)));
    assertThat(runtime.ran).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
