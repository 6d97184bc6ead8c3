package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.Failure;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.archive.TarWriter;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.FunctionDefinition.FileType;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import io.direktiv.model.FunctionDefinition.Size;
import io.direktiv.model.VariableScope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How variables get into calls as files, and out of them.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CallVariablesTest {
  private static final Exit OK = new Exit.Exited(0);
  private final FakeVariables variables = new FakeVariables();

  private static String text(Sandbox sandbox, String path) {
    GivenFile.Content file = (GivenFile.Content) sandbox.filesIn().get(path);
    return new String(file.bytes(), StandardCharsets.UTF_8);
  }

  private static void assertFailed(Outcome outcome, String code, String... texts) {
    Failure failure = ((Outcome.Failed) outcome).failure();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.CATCHABLE);
    assertThat(failure.error().code()).isEqualTo(code);
    assertThat(failure.error().message()).contains(texts);
  }

  private static FunctionDefinition withFile(String contract, FunctionFile file) {
    return function(contract, List.of(file));
  }

  private static FunctionDefinition withoutFiles() {
    return function("files", List.of());
  }

  private static FunctionDefinition function(String contract, List<FunctionFile> files) {
    return new FunctionDefinition(
        "resize",
        "host/resize:v1",
        Size.SMALL,
        Optional.empty(),
        0,
        Optional.of(contract),
        Optional.empty(),
        files);
  }

  private Outcome outcome(Runtime runtime, FunctionDefinition function) {
    return new ContainerFunctions(
            runtime, RegistryLogins.NONE, FunctionSettings.DEFAULT, InstantSource.system())
        .call(
            new FunctionCall(
                new ActionId(new InstanceId("ns", "flow", "AAAAAA"), 1, 0),
                "ns",
                function,
                Json.parse("{}"),
                Optional.empty(),
                variables),
            _ -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"files", "stdio"})
  void givesVariablesAsFilesAndLeavesFilesAsVariables(String contract) throws Exception {
    // given
    variables.values.put("WORKFLOW k", "value".getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream left = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(left)) {
      tar.file("n", 0644, "7".getBytes(StandardCharsets.UTF_8));
    }
    FakeRuntime runtime =
        new FakeRuntime((_, _) ->
            new SandboxEnd(
                OK,
                Map.of(
                    "data.out",
                    new SandboxFile.Content("1".getBytes(StandardCharsets.UTF_8)),
                    "out/namespace/",
                    new SandboxFile.Archive(left.toByteArray()))));
    FunctionFile file = new FunctionFile(VariableScope.WORKFLOW, "k", "in/k", FileType.PLAIN);

    // when
    Outcome outcome = outcome(runtime, withFile(contract, file));

    // then
    assertThat(outcome).isInstanceOf(Outcome.Returned.class);
    assertThat(text(runtime.ran.getFirst(), "in/k")).isEqualTo("value");
    assertThat(runtime.ran.getFirst().filesOut())
        .containsKeys("out/instance/", "out/workflow/", "out/namespace/");
    assertThat(variables.left)
        .extracting(Effect.SetVariable::scope, Effect.SetVariable::key)
        .containsExactly(Tuple.tuple(VariableScope.NAMESPACE, "n"));
  }

  @Test
  void failsWithoutRunningWhenAVariableIsNotWhatItsTypeSays() {
    // given
    variables.values.put("WORKFLOW k", "s3cret!".getBytes(StandardCharsets.UTF_8));
    FakeRuntime runtime = FakeRuntime.leaving(OK, "data.out", "1");
    FunctionFile file = new FunctionFile(VariableScope.WORKFLOW, "k", "k", FileType.BASE64);

    // when
    Outcome outcome = outcome(runtime, withFile("files", file));

    // then
    assertFailed(outcome, Codes.FUNCTION_IO, "variable \"k\" of scope workflow is no Base64");
    assertThat(outcome.toString()).doesNotContain("s3cret");
    assertThat(runtime.ran).isEmpty();
  }

  @Test
  void failsWhenWhatItLeftIsNoVariable() {
    // given
    FakeRuntime runtime =
        new FakeRuntime((_, _) ->
            new SandboxEnd(
                OK,
                Map.of(
                    "data.out",
                    new SandboxFile.Content("1".getBytes(StandardCharsets.UTF_8)),
                    "out/workflow/",
                    new SandboxFile.NotAFile("a symbolic link"))));

    // then
    assertFailed(
        outcome(runtime, withoutFiles()),
        Codes.FUNCTION_IO,
        "it left a symbolic link at /direktiv-data/out/workflow/");
    assertThat(variables.left).isEmpty();
  }

  @Test
  void doesNotLookAtWhatAFailedFunctionLeft() {
    // given
    FakeRuntime runtime =
        new FakeRuntime((_, _) ->
            new SandboxEnd(
                new Exit.Exited(1),
                Map.of("out/workflow/", new SandboxFile.NotAFile("a symbolic link"))));

    // then
    assertFailed(outcome(runtime, withoutFiles()), Codes.FUNCTION_EXIT, "exit code 1");
  }
}
