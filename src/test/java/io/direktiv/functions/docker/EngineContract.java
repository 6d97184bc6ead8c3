package io.direktiv.functions.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Runtime;
import io.direktiv.functions.RuntimeContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// The contract of runtimes on a real engine, which is started once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineContract extends RuntimeContract {
  private TestEngine engine;
  private DockerRuntime runtime;

  /// The engine, or an aborted test.
  abstract TestEngine startEngine();

  @BeforeAll
  void start() {
    engine = startEngine();
    engine.load(TestImage.shell("direktiv/shell:v1", "true"));
    engine.load(TestImage.shell("direktiv/user:v1", "true", "1000"));
    engine.load(TestImage.server("direktiv/server:v1", "true"));
    runtime = new DockerRuntime(engine.environment(), "", Duration.ofMillis(500));
  }

  @AfterAll
  void stop() {
    if (runtime != null) {
      runtime.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @AfterEach
  void leavesNothingBehind() {
    assertThat(engine.awaitEmpty()).isTrue();
  }

  @Override
  protected Runtime runtime() {
    return runtime;
  }

  @Override
  protected String image() {
    return "direktiv/shell:v1";
  }

  @Override
  protected String serverImage() {
    return "direktiv/server:v1";
  }

  @Override
  protected String userImage() {
    return "direktiv/user:v1";
  }
}
