package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Effect;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.ContainerFunctions;
import io.direktiv.functions.FakeVariables;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.FunctionSettings;
import io.direktiv.functions.RegistryLogins;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import io.direktiv.model.VariableScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Functions that listen, in real sandboxes that serve more than one call, without a network.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServedFunctionsTest {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static OciFixture fixture;
  private static ContainerFunctions functions;
  private final List<LogLine> log = new CopyOnWriteArrayList<>();
  private final FakeVariables variables = new FakeVariables();

  @BeforeAll
  static void start() throws IOException {
    fixture = OciFixture.start();
    FunctionSettings standard = FunctionSettings.DEFAULT;
    functions =
        new ContainerFunctions(
            fixture.runtime(),
            RegistryLogins.NONE,
            new FunctionSettings(
                4,
                standard.memoryBytes(),
                0,
                standard.time(),
                SandboxLimits.Network.NONE,
                standard.pool()),
            InstantSource.system());
  }

  @AfterAll
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private Outcome call(String contract, String script) {
    return call(contract, script, List.of());
  }

  private Outcome call(String contract, String script, List<FunctionFile> files) {
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
                files),
            Json.parse("{\"n\":1}"),
            Optional.empty(),
            variables),
        log::add);
  }

  private List<String> logged() {
    return log.stream().map(LogLine::message).toList();
  }

  /// A server that answers each request with the count of those that it had.
  private static String counting(String work) {
    String answer =
        "echo >> /tmp/n; "
            + work
            + "; while read -r l; do [ ${#l} -gt 1 ] || break; done; n=$(wc -l < /tmp/n);"
            + " printf 'HTTP/1.1 200 OK\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${#n} $n";
    return "cat > /tmp/a <<'EOF'\n"
        + answer
        + "\nEOF\nwhile true; do nc -l -p 8080 -e sh /tmp/a; done";
  }

  @Test
  void aServerGoesOnForTheNextCallAndIsFrozenMeanwhile() throws Exception {
    // given
    String server = counting("true");

    // when
    Outcome first = call("http", server);
    if (OciRuntime.isRoot()) {
      // Others have no control group that could be frozen.
      awaitFrozen();
    }
    Outcome second = call("http", server);

    // then
    assertThat(first).isEqualTo(new Outcome.Returned(Json.of(1)));
    assertThat(second).isEqualTo(new Outcome.Returned(Json.of(2)));
  }

  /// A server that lets `work` run in the folder of each call and answers with what it prints.
  private static String inItsFolder(String work) {
    String answer =
        "while read -r l; do l=${l%?}; [ ${#l} -gt 0 ] || break;"
            + " case $l in *TempDir:*) cd ${l#*: };; esac; done; o=$("
            + work
            + "); printf 'HTTP/1.1 200 OK\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${#o} \"$o\"";
    return "cat > /tmp/a <<'EOF'\n"
        + answer
        + "\nEOF\nwhile true; do nc -l -p 8080 -e sh /tmp/a; done";
  }

  @Test
  void eachCallHasAFolderWithItsVariablesThatIsGoneAfterwards() {
    // given
    List<FunctionFile> files =
        List.of(
            new FunctionFile(
                VariableScope.WORKFLOW, "k", "in/k", FunctionDefinition.FileType.PLAIN));
    String server =
        inItsFolder(
            "echo $(($(cat in/k) + 1)) | tr -d '\\n' > out/workflow/k; mkdir -p deep/er;"
                + " ln -s / deep/er/link; ls -d ../call-* | wc -l");

    // then
    for (int i = 0; i < 3; i++) {
      variables.values.put("WORKFLOW k", String.valueOf(i).getBytes(StandardCharsets.UTF_8));
      variables.left.clear();
      assertThat(call("http", server, files)).isEqualTo(new Outcome.Returned(Json.of(1)));
      assertThat(variables.left)
          .singleElement()
          .extracting(
              Effect.SetVariable::scope,
              Effect.SetVariable::key,
              left -> new String(left.value().orElseThrow(), StandardCharsets.UTF_8))
          .containsExactly(VariableScope.WORKFLOW, "k", String.valueOf(i + 1));
    }
  }

  /// The function goes on to swap its folder for a link to one of this machine while that is read
  /// and removed.
  @Test
  void aFolderThatIsSwappedForALinkShowsNothingOfThisMachine() throws Exception {
    // given
    Path secret = Files.createDirectories(fixture.folder().resolve("secret/workflow"));
    Files.writeString(secret.resolve("leak"), "s3cret");
    String link = "ln -s " + secret.getParent() + " l; ";
    String server =
        inItsFolder(
            "echo own > out/workflow/own; (i=0; while [ $i -lt 300 ]; do i=$((i+1));"
                + " mv out o; "
                + link
                + "mv l out; mv out l; rm l; mv o out; done) > /dev/null 2>&1 & echo 1");

    // when
    for (int i = 0; i < 60; i++) {
      call("http", server);
    }

    // then
    assertThat(variables.left).extracting(Effect.SetVariable::key).doesNotContain("leak");
    assertThat(variables.left).isNotEmpty();
    assertThat(secret.resolve("leak")).hasContent("s3cret");
  }

  /// Blocks until the control group of a server says that its processes stand still.
  private static void awaitFrozen() throws Exception {
    while (true) {
      for (String file : List.of("freezer.state", "cgroup.freeze")) {
        try (Stream<Path> files = Files.find(GROUPS, 8, (path, _) -> path.endsWith(file))) {
          if (files
              .filter(path -> path.toString().contains("direktiv-server-"))
              .anyMatch(ServedFunctionsTest::isFrozen)) {
            return;
          }
        } catch (UncheckedIOException _) {
          // Another sandbox ended while its group was looked at.
        }
      }
      Thread.sleep(20);
    }
  }

  private static boolean isFrozen(Path state) {
    try {
      return List.of("FROZEN", "1").contains(Files.readString(state).strip());
    } catch (IOException _) {
      return false;
    }
  }

  /// The kernel kills the process that answers, and not the sandbox's first one.
  @Test
  void aServerThatRunsOutOfMemoryFailsItsCallAndTheNextOneHasAnother() {
    // given
    String server =
        counting("[ $(wc -l < /tmp/n) -lt 2 ] || x=$(head -c 300m /dev/zero | tr '\\0' a)");

    // when
    Outcome first = call("http", server);
    Outcome second = call("http", server);
    Outcome third = call("http", server);

    // then
    assertThat(first).isEqualTo(new Outcome.Returned(Json.of(1)));
    assertThat(second.toString()).contains("direktiv.function.memory");
    assertThat(third).isEqualTo(new Outcome.Returned(Json.of(1)));
  }

  @Test
  void linesThatAreOlderThanTheAnswerAreInTheLogOfTheirCall() {
    // given
    String server = counting("seq 1 50 >&2");

    // then
    for (int i = 0; i < 20; i++) {
      log.clear();
      call("http", server);
      assertThat(logged())
          .containsAll(IntStream.rangeClosed(1, 50).mapToObj(String::valueOf).toList());
    }
  }
}
