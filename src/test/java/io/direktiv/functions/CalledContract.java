package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Effect;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.pool.PoolSettings;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.FunctionDefinition.FileType;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import io.direktiv.model.VariableScope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What functions of each contract do on every [Runtime] (reference 1.4), without a network.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class CalledContract extends ReachContract {
  private static final PoolSettings ONE_CALL_EACH =
      new PoolSettings(1, 0, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ZERO, false);
  private static final String ACTION = "ns/flow/AAAAAA:1:0";
  private static final String SIDECAR = "http://127.0.0.1:8889";
  private static final String END_OF_HEAD = "while read -r l; do [ ${#l} -gt 1 ] || break; done; ";

  private final List<LogLine> log = new CopyOnWriteArrayList<>();
  private final FakeVariables variables = new FakeVariables();

  /// Some runtimes share one instance of this class among its tests.
  @BeforeEach
  void forgetWhatOtherTestsDid() {
    log.clear();
    variables.values.clear();
    variables.left.clear();
  }

  private Outcome call(String image, Optional<String> contract, String script) {
    return call(image, contract, script, List.of());
  }

  private Outcome call(
      String image, Optional<String> contract, String script, List<FunctionFile> files) {
    FunctionSettings standard = FunctionSettings.DEFAULT;
    ContainerFunctions functions =
        new ContainerFunctions(
            runtime(),
            RegistryLogins.NONE,
            new FunctionSettings(
                4,
                standard.memoryBytes(),
                0,
                standard.time(),
                SandboxLimits.Network.NONE,
                ONE_CALL_EACH),
            InstantSource.system());
    return functions.call(
        new FunctionCall(
            new ActionId(new InstanceId("ns", "flow", "AAAAAA"), 1, 0),
            "ns",
            new FunctionDefinition(
                "f",
                image,
                FunctionDefinition.Size.SMALL,
                Optional.of(script),
                0,
                contract,
                Optional.empty(),
                files),
            Json.parse("{\"n\":1}"),
            Optional.empty(),
            variables),
        log::add);
  }

  private Outcome call(String contract, String script) {
    return call(image(), Optional.of(contract), script);
  }

  private static List<FunctionFile> files() {
    return List.of(new FunctionFile(VariableScope.WORKFLOW, "k", "in/k", FileType.PLAIN));
  }

  private void setVariable(String value) {
    variables.values.put("WORKFLOW k", value.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> logged() {
    return log.stream().map(LogLine::message).toList();
  }

  private static Outcome returned(String json) {
    return new Outcome.Returned(Json.parse(json));
  }

  private void assertLeft(String value) {
    assertThat(variables.left)
        .singleElement()
        .satisfies(left -> {
          assertThat(left.scope()).isEqualTo(VariableScope.NAMESPACE);
          assertThat(left.key()).isEqualTo("left");
          assertThat(left.value().map(String::new)).hasValue(value);
        });
  }

  /// The script of a server that answers one request; `work` runs when the request's head is read.
  private static String server(String work, String headers, String body) {
    String answer =
        END_OF_HEAD
            + work
            + " printf 'HTTP/1.1 200 OK\\r\\n"
            + headers
            + "Content-Length: "
            + body.length()
            + "\\r\\n\\r\\n"
            + body
            + "'";
    return "cat > /tmp/a <<'EOF'\n" + answer + "\nEOF\nnc -l -p 8080 -e sh /tmp/a";
  }

  @Test
  void runsAFunctionOverFilesWithVariables() {
    // given
    setVariable("of the workflow");
    String script =
        "cd /direktiv-data; sed s/1/2/ data.in > data.out; echo seen; cat action.id > log.log;"
            + " cat in/k > out/namespace/left";

    // when
    Outcome outcome = call(image(), Optional.of("files"), script, files());

    // then
    assertThat(outcome).isEqualTo(returned("{\"n\":2}"));
    assertThat(logged()).containsExactlyInAnyOrder("seen", ACTION);
    assertLeft("of the workflow");
  }

  @Test
  void runsAPlainImageOverStdioWithVariables() {
    // given
    setVariable("of the workflow");
    String script =
        "sed s/1/2/; echo seen >&2; cp /direktiv-data/in/k /direktiv-data/out/namespace/left";

    // when
    Outcome outcome = call(image(), Optional.of("stdio"), script, files());

    // then
    assertThat(outcome).isEqualTo(returned("{\"n\":2}"));
    assertThat(logged()).containsExactly("seen");
    assertLeft("of the workflow");
  }

  @Test
  void endsAPlainImageThatPrintsForEver() {
    assertThat(call("stdio", "yes").toString()).contains("direktiv.function.output");
  }

  @Test
  void asksAServerAndTakesWhatItLogs() {
    // given
    String say = "wget -q -O /dev/null '" + SIDECAR + "/log?aid=" + ACTION + "&log=from%20within'";

    // when
    Outcome outcome = call("http", server(say + " >&2;", "", "{\"a\":1}"));

    // then
    assertThat(outcome).isEqualTo(returned("{\"a\":1}"));
    assertThat(logged()).contains("from within");
  }

  @Test
  void letsAServerReadAndWriteVariables() {
    // given
    setVariable("before");
    String variable = SIDECAR + "/var?aid=" + ACTION + "&scope=workflow&key=k";
    String work =
        "v=$(wget -q -O - '"
            + variable
            + "'); wget -q -O /dev/null --post-data \"$v and after\" '"
            + variable
            + "';";

    // when
    Outcome outcome = call("http", server(work, "", "1"));

    // then
    assertThat(outcome).isEqualTo(returned("1"));
    assertThat(variables.values.get("WORKFLOW k")).asString().isEqualTo("before and after");
  }

  @Test
  void givesAServerVariablesAsFiles() {
    // given
    setVariable("of the workflow");
    String answer =
        "while read -r l; do l=${l%?}; [ ${#l} -gt 0 ] || break;"
            + " case $l in *TempDir:*) cd ${l#*: };; esac; done; cat in/k > out/namespace/left;"
            + " printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n1'";
    String script = "cat > /tmp/a <<'EOF'\n" + answer + "\nEOF\nnc -l -p 8080 -e sh /tmp/a";

    // when
    Outcome outcome = call(image(), Optional.of("http"), script, files());

    // then
    assertThat(outcome).isEqualTo(returned("1"));
    assertLeft("of the workflow");
  }

  @Test
  void asksAnImageThatExposesPort8080WithoutBeingTold() {
    assertThat(call(serverImage(), Optional.empty(), server("", "", "8"))).isEqualTo(returned("8"));
  }

  @Test
  void readsTheFilesOfAnImageThatExposesNothingWithoutBeingTold() {
    assertThat(call(image(), Optional.empty(), "echo 9 > /direktiv-data/data.out"))
        .isEqualTo(returned("9"));
  }

  @Test
  void failsWithWhatAServerReports() {
    String headers = "Direktiv-ErrorCode: my.code\\r\\nDirektiv-ErrorMessage: not today\\r\\n";
    assertThat(call("http", server("", headers, "{}")).toString()).contains("my.code", "not today");
  }

  @Test
  void tellsThatAServerEndedBeforeItListened() {
    assertThat(call("http", "echo no >&2; exit 3").toString())
        .contains("direktiv.function.exit")
        .contains("exit code 3");
    assertThat(logged()).contains("no");
  }

  @Test
  void leavesNoVariablesOfAFunctionThatFails() {
    // when
    Outcome outcome = call("files", "echo 1 > /direktiv-data/out/workflow/x; exit 1");

    // then
    assertThat(outcome.toString()).contains("direktiv.function.exit");
    assertThat(variables.left).extracting(Effect.SetVariable::key).isEmpty();
  }

  @Test
  void refusesALinkAmongWhatAFunctionLeaves() {
    assertThat(
            call("files", "cd /direktiv-data; ln -s /etc/passwd out/workflow/x; echo 1 > data.out")
                .toString())
        .contains("au.com.direktiv.error.io")
        .contains("it left a symbolic link at /direktiv-data/out/workflow/x");
    assertThat(variables.left).isEmpty();
  }
}
