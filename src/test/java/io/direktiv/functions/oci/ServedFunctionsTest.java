package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.ContainerFunctions;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.FunctionSettings;
import io.direktiv.functions.RegistryLogins;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The contracts http and stdio in real sandboxes without a network.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServedFunctionsTest {
  private static OciFixture fixture;
  private static ContainerFunctions functions;
  private final List<LogLine> log = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    fixture = OciFixture.start();
    FunctionSettings standard = FunctionSettings.DEFAULT;
    functions =
        new ContainerFunctions(
            fixture.runtime(),
            RegistryLogins.NONE,
            new FunctionSettings(
                4, standard.memoryBytes(), 0, standard.time(), SandboxLimits.Network.NONE),
            InstantSource.system());
  }

  @AfterAll
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private Outcome call(String contract, String script) {
    return functions.call(
        new FunctionCall(
            new ActionId(new InstanceId("ns", "flow", "AAAAAA"), 1, 0),
            "ns",
            new FunctionDefinition(
                "f",
                "direktiv/shell:v1",
                FunctionDefinition.Size.SMALL,
                Optional.of(script),
                0,
                Optional.of(contract),
                Optional.empty(),
                List.of()),
            Json.parse("{\"n\":1}"),
            Optional.empty()),
        log::add);
  }

  private List<String> logged() {
    return log.stream().map(LogLine::message).toList();
  }

  @Test
  void runsAPlainImageOverStdio() {
    assertThat(call("stdio", "sed s/1/2/; echo seen >&2"))
        .isEqualTo(new Outcome.Returned(Json.parse("{\"n\":2}")));
    assertThat(logged()).containsExactly("seen");
  }

  @Test
  void endsAPlainImageThatPrintsForEver() {
    assertThat(call("stdio", "yes").toString()).contains("direktiv.function.output");
  }

  @Test
  void asksAServerAndTakesWhatItLogs() {
    // given
    String answer =
        "echo from stdout >&2; wget -q -O /dev/null"
            + " 'http://127.0.0.1:8889/log?aid=ns/flow/AAAAAA:1:0&log=from%20the%20door' >&2;"
            + " while read -r l; do [ ${#l} -gt 1 ] || break; done;"
            + " printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 7\\r\\n\\r\\n{\"a\":1}'";

    // when
    Outcome outcome =
        call("http", "cat > /tmp/a <<'EOF'\n" + answer + "\nEOF\n" + "nc -l -p 8080 -e sh /tmp/a");

    // then
    assertThat(outcome).isEqualTo(new Outcome.Returned(Json.parse("{\"a\":1}")));
    assertThat(logged()).contains("from the door");
  }

  @Test
  void tellsThatAServerEndedBeforeItListened() {
    assertThat(call("http", "echo no >&2; exit 3").toString())
        .contains("direktiv.function.exit")
        .contains("exit code 3");
    assertThat(logged()).contains("no");
  }
}
