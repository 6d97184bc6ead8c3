package io.direktiv.functions.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Exit;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Engines that are not there, come later or go away, and what a crash leaves behind.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EngineLossTest {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(
          1, 64 << 20, 64, 256, 1 << 20, 0, Duration.ofMinutes(1), SandboxLimits.Network.NONE);

  @TempDir private Path folder;
  private PodmanEngine engine;

  @AfterEach
  void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static Sandbox sandbox(String script) {
    return new Sandbox(
        "direktiv-test-" + UUID.randomUUID(),
        "test",
        "direktiv/shell:v1",
        List.of(script),
        Map.of(),
        Map.of(),
        Map.of(),
        LIMITS,
        Optional.empty(),
        0);
  }

  private void startEngine() {
    engine = PodmanEngine.start();
    engine.load(TestImage.shell("direktiv/shell:v1", "true"));
  }

  private static void assertUnavailable(DockerRuntime runtime, String... texts) {
    assertThatThrownBy(() -> runtime.run(sandbox("true"), _ -> {}))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> {
              assertThat(e.code()).isEqualTo(Codes.FUNCTION_UNAVAILABLE);
              assertThat(e.getMessage()).contains(texts);
            });
    assertThat(runtime.missing().orElseThrow()).contains(texts);
  }

  @Test
  void saysWhichSocketsWereTriedAndHowToGetAnEngine() throws Exception {
    // given
    Path dead = Files.createDirectories(folder.resolve("podman")).resolve("podman.sock");
    Files.createFile(dead);
    Map<String, String> environment =
        Map.of("XDG_RUNTIME_DIR", folder.toString(), "HOME", folder.toString());

    // then
    try (DockerRuntime runtime = new DockerRuntime(environment, "")) {
      Optional<String> missing = runtime.missing();
      org.junit.jupiter.api.Assumptions.assumeTrue(
          missing.isPresent(), "this machine has an engine at a usual socket");
      assertUnavailable(
          runtime,
          "/var/run/docker.sock",
          "/run/podman/podman.sock",
          folder + "/docker.sock (is not there)",
          dead + " (Connection refused)",
          folder + "/.colima/default/docker.sock",
          "podman system service",
          "DIREKTIV_CONTAINER_HOST");
    }
  }

  @Test
  void saysWhatIsWrongWithASetting() {
    assertSetting("unix:///nowhere/x.sock", "DIREKTIV_CONTAINER_HOST=unix:///nowhere/x.sock");
    assertSetting("tcp://127.0.0.1:1", "tcp://127.0.0.1:1 (Connection refused)");
    assertSetting("tcp://127.0.0.1:99999", "port 99999 does not exist");
    assertSetting("ssh://host", "ssh -L");
    assertSetting("unix://" + "/x".repeat(100), "too long");
  }

  private static void assertSetting(String value, String... texts) {
    try (DockerRuntime runtime = new DockerRuntime(Map.of("DIREKTIV_CONTAINER_HOST", value), "")) {
      assertUnavailable(runtime, texts);
    }
  }

  @Test
  void prefersOurSettingToDockersAndRefusesTls() {
    try (DockerRuntime runtime =
        new DockerRuntime(
            Map.of("DIREKTIV_CONTAINER_HOST", "/ours", "DOCKER_HOST", "/theirs"), "")) {
      assertUnavailable(runtime, "DIREKTIV_CONTAINER_HOST=/ours");
    }
    try (DockerRuntime runtime =
        new DockerRuntime(
            Map.of("DOCKER_HOST", "tcp://127.0.0.1:2376", "DOCKER_TLS_VERIFY", "1"), "")) {
      assertUnavailable(runtime, "DOCKER_HOST", "TLS");
    }
  }

  @Test
  void findsAnEngineAtAUsualSocket() throws Exception {
    // given
    startEngine();
    Path usual = Files.createDirectories(folder.resolve("podman")).resolve("podman.sock");
    Files.createSymbolicLink(usual, engine.socket());
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());

    // then
    try (DockerRuntime runtime = new DockerRuntime(environment, "")) {
      assertThat(runtime.missing()).isEmpty();
    }
  }

  @Test
  void findsAnEngineThatComesLater() throws Exception {
    // given
    startEngine();
    engine.kill();
    try (DockerRuntime runtime = new DockerRuntime(engine.environment(), "")) {
      assertUnavailable(runtime, engine.socket().toString());

      // when
      engine.resume();

      // then
      assertThat(runtime.run(sandbox("true"), _ -> {}).exit()).isEqualTo(new Exit.Exited(0));
    }
  }

  @Test
  void failsACallWhoseEngineDiesAndRemovesItsContainerLater() throws Exception {
    // given
    startEngine();
    try (DockerRuntime runtime = new DockerRuntime(engine.environment(), "")) {
      CompletableFuture<Void> isRunning = new CompletableFuture<>();
      CompletableFuture<SandboxEnd> end =
          inBackground(runtime, sandbox("echo ready; sleep 100"), isRunning);
      isRunning.get();

      // when
      engine.kill();

      // then
      assertThat(end)
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableOfType(java.util.concurrent.ExecutionException.class)
          .withCauseInstanceOf(SandboxException.class)
          .withMessageContaining("stopped answering")
          .withMessageContaining(engine.socket().toString());
      engine.resume();
      assertThat(engine.containers()).hasSize(1);
      runtime.run(sandbox("true"), _ -> {});
      assertThat(engine.awaitEmpty()).isTrue();
    }
  }

  private static CompletableFuture<SandboxEnd> inBackground(
      DockerRuntime runtime, Sandbox sandbox, CompletableFuture<Void> firstLine) {
    CompletableFuture<SandboxEnd> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(runtime.run(sandbox, (OutputLine _) -> firstLine.complete(null)));
          } catch (SandboxException | RuntimeException e) {
            firstLine.completeExceptionally(e);
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  @Test
  void removesWhatTheDeadLeftAndNothingElse() throws Exception {
    // given
    startEngine();
    Owner self = Owner.ofThisProcess("/data/one");
    Owner restarted = new Owner("/data/one", "elsewhere", 1, 1, "earlier");
    Owner dead = new Owner("/data/two", self.machine(), 4_194_303, 1, "dead");
    Owner reused = new Owner("/data/two", self.machine(), self.pid(), 1, "reused");
    Owner alive = new Owner("/data/two", self.machine(), self.pid(), self.started(), "alive");
    Owner away = new Owner("/data/two", "elsewhere", 4_194_303, 1, "away");
    for (Owner owner : List.of(restarted, dead, reused, alive, away)) {
      engine
          .client()
          .post(
              "/containers/create?name=direktiv-" + owner.run(),
              ContainerSpec.of(sandbox("sleep 100"), owner, false));
    }
    JsonObject strange = JsonObject.of("Image", Json.of("direktiv/shell:v1"));
    engine.client().post("/containers/create?name=strange", strange);

    // when
    try (DockerRuntime runtime = new DockerRuntime(engine.environment(), "/data/one")) {
      runtime.run(sandbox("true"), _ -> {});
    }

    // then
    assertThat(engine.containers().stream().map(each -> each.get("Names").toString()))
        .containsExactlyInAnyOrder(
            "[\"/direktiv-alive\"]", "[\"/direktiv-away\"]", "[\"/strange\"]");
  }

  @Test
  void removesWhatRunsWhenItIsClosed() throws Exception {
    // given
    startEngine();
    CompletableFuture<SandboxEnd> end;
    try (DockerRuntime runtime = new DockerRuntime(engine.environment(), "")) {
      CompletableFuture<Void> isRunning = new CompletableFuture<>();
      end = inBackground(runtime, sandbox("trap '' TERM; echo ready; sleep 100"), isRunning);
      isRunning.get();
    }

    // then
    assertThat(end.get().exit()).isEqualTo(new Exit.Stopped());
    assertThat(engine.awaitEmpty()).isTrue();
  }

  @Test
  void saysThatACommandIsNotThere() {
    // given
    startEngine();
    Sandbox sandbox =
        new Sandbox(
            "direktiv-test-" + UUID.randomUUID(),
            "test",
            "direktiv/plain:v1",
            List.of("/no/such --thing"),
            Map.of(),
            Map.of(),
            Map.of(),
            LIMITS,
            Optional.empty(),
            0);
    engine.load(TestImage.plain("direktiv/plain:v1"));

    // then
    try (DockerRuntime runtime = new DockerRuntime(engine.environment(), "")) {
      assertThatThrownBy(() -> runtime.run(sandbox, _ -> {}))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.code()).isEqualTo(Codes.FUNCTION_EXIT))
          .hasMessageContaining("cannot start")
          .hasMessageContaining("/no/such --thing")
          .hasMessageContaining("cmd is one word");
      assertThat(engine.awaitEmpty()).isTrue();
    }
  }
}
