package io.direktiv.functions.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.docker.PodmanEngine;
import io.direktiv.functions.docker.TestImage;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Functions on the shipped programs: a run without a server, cancels, crashes, and no engine.
@Tag("e2e")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ContainerE2eTest {
  private static final String HELLO =
      """
      id: hello
      functions:
      - id: greet
        image: direktiv/greet:v1
      states:
      - id: hello
        type: action
        action:
          function: greet
          input: '{ name: .name }'
        transform: .return
      """;

  private static final String SLEEPS =
      """
      id: sleeps
      functions:
      - id: sleep
        image: direktiv/sleep:v1
      states:
      - id: sleep
        type: action
        action:
          function: sleep
      """;

  private static final String KEEPS =
      """
      id: keeps
      functions:
      - id: sleep
        image: direktiv/sleep:v1
      states:
      - id: sleep
        type: action
        action:
          function: sleep
          secrets: [KEY]
          input: '{ key: .secrets.KEY }'
      """;

  private static final String CATCHES =
      """
      id: catches
      functions:
      - id: gone
        image: 127.0.0.1:1/gone:v1
      states:
      - id: call
        type: action
        action:
          function: gone
        catch:
        - error: %s
      """;

  private static PodmanEngine engine;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    engine = PodmanEngine.start();
    engine.load(
        TestImage.shell(
            "direktiv/greet:v1",
            "echo greeting; sed 's/.*\"name\":\"\\(.*\\)\"}/{\"msg\":\"Hello, \\1!\"}/'"
                + " /direktiv-data/data.in > /direktiv-data/data.out"));
    engine.load(
        TestImage.shell("direktiv/sleep:v1", "trap 'exit 1' TERM; echo ready; sleep 100 & wait"));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  /// What `./direktiv run` did.
  private record Run(int code, String out, String err) {}

  private Run run(String workflow, Map<String, String> environment, String... options)
      throws Exception {
    Path file = Files.writeString(folder.resolve("workflow.yml"), workflow);
    List<String> command =
        new java.util.ArrayList<>(
            List.of(Path.of("direktiv").toAbsolutePath().toString(), "run", file.toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path err = folder.resolve("err");
    Process process = builder.redirectError(err.toFile()).start();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Run(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void runsAFunctionWithoutAServerAndShowsItsOutput() throws Exception {
    // when
    Run run = run(HELLO, engine.environment(), "--input", "{\"name\":\"Alan\"}", "--logs");

    // then
    assertThat(run.out()).isEqualTo("{\"msg\":\"Hello, Alan!\"}");
    assertThat(run.err()).contains("greeting");
    assertThat(run.code()).isZero();
    assertThat(engine.awaitEmpty()).isTrue();
  }

  @Test
  void leavesNoContainerWhenARunIsInterrupted() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("workflow.yml"), SLEEPS);
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of("direktiv").toAbsolutePath().toString(), "run", file.toString(), "--logs");
    builder.environment().putAll(engine.environment());
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    while (!Files.readString(log).contains("ready")) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      Thread.sleep(50);
    }

    // when
    process.destroy();
    process.waitFor();

    // then
    assertThat(engine.containers()).isEmpty();
  }

  @Test
  void failsWithACatchableErrorWithoutAnEngine() throws Exception {
    // given
    Map<String, String> nowhere =
        Map.of(
            "DIREKTIV_CONTAINER_HOST",
            "unix:///nowhere/engine.sock",
            "DIREKTIV_ISOLATION",
            "docker");

    // when
    Run failed = run(HELLO, nowhere);
    Run caught = run(CATCHES.formatted("direktiv.function.unavailable"), nowhere);

    // then
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err())
        .contains("[direktiv.function.unavailable]")
        .contains("unix:///nowhere/engine.sock")
        .contains("podman system service");
    assertThat(caught.code()).isZero();
  }

  @Test
  void catchesAMissingImageByItsCodeAndByTheNameOfTheOriginal() throws Exception {
    for (String code : List.of("direktiv.function.image", "au.com.direktiv.error.image")) {
      Run run = run(CATCHES.formatted(code), engine.environment());
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("direktiv.function.image", "127.0.0.1:1/gone:v1");
    }
  }

  @Test
  void stopsTheContainerWhenItsInstanceIsCancelled() throws Exception {
    try (FunctionServer server = server(SLEEPS)) {
      // given
      String path = begin(server, "sleeps");
      awaitLine(server, path, "ready");

      // when
      FunctionServer.Reply reply =
          server.send("PATCH", path, "application/json", "{\"status\":\"cancelled\"}");

      // then
      assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
      assertThat(server.awaitEnd(path).get("status")).isEqualTo(Json.of("cancelled"));
      assertThat(engine.awaitEmpty()).isTrue();
    }
  }

  @Test
  void keepsASecretOutOfTheListOfProcessesWhileAFunctionHasIt() throws Exception {
    try (FunctionServer server = server(KEEPS)) {
      // given
      String secret = "canary-" + UUID.randomUUID();
      JsonObject body = JsonObject.builder().put("name", "KEY").put("data", secret).build();
      assertThat(server.post("/test/secrets", body).status()).isEqualTo(201);
      String path = begin(server, "keeps");

      // when
      awaitLine(server, path, "ready");
      String processes = processes();
      server.send("PATCH", path, "application/json", "{\"status\":\"cancelled\"}");

      // then
      assertThat(processes).contains("sleep\u0000100\u0000").doesNotContain(secret);
      assertThat(engine.awaitEmpty()).isTrue();
    }
  }

  /// The command line and the environment of every process that this user may look at.
  private static String processes() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> folders = Files.list(Path.of("/proc"))) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        for (String name : List.of("cmdline", "environ")) {
          all.append(readIfPossible(folder.resolve(name))).append('\n');
        }
      }
    }
    return all.toString();
  }

  /// The text of a file, or nothing when its process has ended or belongs to somebody else.
  private static String readIfPossible(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  @Test
  void callsAgainAfterACrashAndRemovesWhatItLeftRunning() throws Exception {
    try (FunctionServer server = server(SLEEPS)) {
      // given
      String path = begin(server, "sleeps");
      awaitLine(server, path, "ready");
      String before = id(engine.containers().getFirst());

      // when
      server.kill();
      boolean isLeft = engine.containers().size() == 1;
      engine.load(TestImage.shell("direktiv/sleep:v1", "printf 7 > /direktiv-data/data.out"));
      server.start();
      JsonObject ended = server.awaitEnd(path);

      // then
      assertThat(isLeft).isTrue();
      assertThat(ended.get("status")).isEqualTo(Json.of("complete"));
      assertThat(server.get(path + "/output").body()).isEqualTo(Json.parse("{\"return\":7}"));
      assertThat(engine.containers()).noneMatch(each -> id(each).equals(before));
      assertThat(engine.awaitEmpty()).isTrue();
    } finally {
      engine.load(
          TestImage.shell("direktiv/sleep:v1", "trap 'exit 1' TERM; echo ready; sleep 100 & wait"));
    }
  }

  private static String id(JsonObject container) {
    return ((JsonString) container.get("Id")).value();
  }

  private static FunctionServer server(String workflow) {
    FunctionServer server = FunctionServer.start(engine.environment());
    server.post("", JsonObject.of("name", Json.of("test")));
    FunctionServer.Reply reply =
        server.send("POST", "/test/workflows", "application/yaml", workflow);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
    return server;
  }

  private static String begin(FunctionServer server, String workflow) {
    FunctionServer.Reply reply =
        server.post("/test/instances?workflow=" + workflow, JsonObject.EMPTY);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
    String id = ((JsonString) reply.data().get("id")).value();
    return "/test/instances/" + id.substring(id.indexOf('/') + 1);
  }

  private static void awaitLine(FunctionServer server, String path, String line)
      throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      if (server.texts(path + "/logs", "message").contains(line)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException(line + " does not come: " + server.get(path + "/logs").body());
  }
}
