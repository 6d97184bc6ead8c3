package io.direktiv.functions.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Exit;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Pulls of a real engine from a registry that wants a login.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class RegistryContract {
  private static final String PASSWORD = "canary-of-the-registry";
  private TestRegistry registry;
  private TestEngine engine;
  private DockerRuntime runtime;

  /// An engine that may pull from `registry` without TLS, or an aborted test.
  abstract TestEngine startEngine(String... registry);

  @BeforeAll
  void start() {
    if (TestImage.busybox().isPresent()) {
      TestImage image = TestImage.shell("unused", "printf pulled > /direktiv-data/data.out");
      registry = new TestRegistry(image, "bot", PASSWORD);
    }
    engine = startEngine(registry == null ? new String[0] : new String[] {registry.host()});
    runtime = new DockerRuntime(engine.environment(), "");
  }

  @AfterAll
  void stop() {
    if (runtime != null) {
      runtime.close();
    }
    if (engine != null) {
      engine.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private SandboxEnd run(String image, Optional<String> password, List<String> lines)
      throws SandboxException {
    SandboxLimits limits =
        new SandboxLimits(
            1, 64 << 20, 64, 256, 1 << 20, 0, Duration.ofMinutes(1), SandboxLimits.Network.NONE);
    return runtime.run(
        new Sandbox(
            "direktiv-test-" + UUID.randomUUID(),
            "test",
            registry.host() + "/" + image,
            List.of(),
            Map.of(),
            Map.of(),
            Map.of("data.out", 100),
            limits,
            password.map(word -> new RegistryCredentials(registry.host(), "bot", word)),
            0),
        (OutputLine line) -> lines.add(line.text()));
  }

  @Test
  void pullsWithTheLoginAndTellsWhileItDoes() throws Exception {
    // given
    List<String> lines = new ArrayList<>();

    // when
    SandboxEnd end = run("there/one:v1", Optional.of(PASSWORD), lines);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(lines).containsExactly("Pulling image '" + registry.host() + "/there/one:v1'.");
  }

  @Test
  void pullsOnceAndThenUsesWhatIsThere() throws Exception {
    // given
    run("there/two:v1", Optional.of(PASSWORD), new ArrayList<>());
    int before = registry.manifests();
    List<String> lines = new ArrayList<>();

    // when
    SandboxEnd end = run("there/two:v1", Optional.empty(), lines);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(registry.manifests()).isEqualTo(before);
    assertThat(lines).isEmpty();
  }

  @Test
  void asksAgainForLatestButNotAtEveryCall() throws Exception {
    // given
    run("there/three:latest", Optional.of(PASSWORD), new ArrayList<>());
    int before = registry.manifests();

    // when
    run("there/three:latest", Optional.of(PASSWORD), new ArrayList<>());
    int soonAfter = registry.manifests();
    try (DockerRuntime other = new DockerRuntime(engine.environment(), "")) {
      DockerRuntime first = runtime;
      runtime = other;
      run("there/three", Optional.of(PASSWORD), new ArrayList<>());
      runtime = first;
    }

    // then
    assertThat(soonAfter).isEqualTo(before);
    assertThat(registry.manifests()).isGreaterThan(before);
  }

  @Test
  void usesTheCopyOfLatestThatIsHereWhenTheRegistryRefuses() throws Exception {
    // given
    run("there/four:latest", Optional.of(PASSWORD), new ArrayList<>());
    List<String> lines = new ArrayList<>();

    // when
    SandboxEnd end = run("there/four:latest", Optional.of("wrong"), lines);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    assertThat(lines).singleElement().asString().contains("was not checked for a newer one");
  }

  @Test
  void saysWhatTheRegistryAnswersToAWrongLogin() {
    assertRefused("there/five:v1", Optional.of("wrong"), "unauthorized", "the namespace's login");
  }

  @Test
  void saysThatALoginIsMissing() {
    assertRefused(
        "there/six:v1",
        Optional.empty(),
        engine.answerWithoutLogin(),
        "give the namespace a login");
  }

  @Test
  void saysThatTheRegistryDoesNotKnowTheImage() {
    assertRefused("absent:v1", Optional.of(PASSWORD), "manifest unknown", "check the name and tag");
  }

  private void assertRefused(String image, Optional<String> password, String... texts) {
    assertThatThrownBy(() -> run(image, password, new ArrayList<>()))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> {
              assertThat(e.code()).isEqualTo(Codes.FUNCTION_IMAGE);
              assertThat(e.getMessage())
                  .contains(registry.host() + "/" + image)
                  .contains(texts)
                  .doesNotContain(PASSWORD);
            });
  }
}
