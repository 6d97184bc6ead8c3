package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is done in place of the programs that make sandboxes, beside what they do.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ToolTest {
  private static final Sandbox SANDBOX =
      OciFixture.sandbox(
          "echo begun > /direktiv-data/data.out; exit 7", OciFixture.limits(Network.NONE));

  private interface Start {
    Tool.Gate of(Tool tool, MadeSandbox made) throws IOException;
  }

  /// How a sandbox that is started so ends, and what it leaves.
  private static String ended(OciFixture fixture, Start start) throws Exception {
    MadeSandbox made = fixture.made(SANDBOX);
    Tool tool = fixture.runtime().machine().tool();
    Path state = tool.state().resolve(made.id());
    try {
      made.streams().begin(_ -> {}, fixture.runtime().machine().threads());
      assertThat(state.resolve("exec.fifo")).exists();
      try (Tool.Gate gate = start.of(tool, made)) {
        int status = made.child().ended().join();
        SandboxFile file = made.workspace().files().left(Map.of("data.out", 100)).get("data.out");
        String left =
            new String(((SandboxFile.Content) file).bytes(), StandardCharsets.UTF_8).strip();
        assertThat(gate.isPassed()).isTrue();
        return left + ", status " + status + ", pipe " + Files.exists(state.resolve("exec.fifo"));
      }
    } finally {
      made.remove();
      assertThat(state).doesNotExist();
      assertThat(tool.state()).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @MethodSource("io.direktiv.functions.oci.OciFixture#tools")
  void aSandboxIsStartedAsTheProgramStartsIt(String tool) throws Exception {
    try (OciFixture fixture = OciFixture.with(tool)) {
      // when
      String ours = ended(fixture, (program, made) -> program.start(made.id(), made.workspace()));
      String theirs =
          ended(
              fixture,
              (program, made) -> {
                program.startByProgram(made.id(), made.workspace());
                return Tool.Gate.opened();
              });

      // then
      assertThat(ours).isEqualTo(theirs).isEqualTo("begun, status 1792, pipe false");
    }
  }

  @ParameterizedTest
  @MethodSource("io.direktiv.functions.oci.OciFixture#tools")
  void aSandboxThatEndedBeforeItsStartIsKnownNotToHaveBegun(String tool) throws Exception {
    try (OciFixture fixture = OciFixture.with(tool)) {
      // given
      MadeSandbox made = fixture.made(SANDBOX);
      made.end();

      // when
      try (Tool.Gate gate = fixture.runtime().machine().tool().start(made.id(), made.workspace())) {
        // then
        assertThat(gate.isPassed()).isFalse();
      } finally {
        made.remove();
      }
    }
  }
}
