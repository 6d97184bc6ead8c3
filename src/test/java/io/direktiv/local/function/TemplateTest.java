package io.direktiv.local.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.json.Json;
import io.direktiv.model.WorkflowReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Functions to begin with, run as they are written (reference 1.4).
@Timeout(120)
class TemplateTest {
  private static final String GREETING = "{\"greeting\":\"Hello, Alan!\"}";

  @TempDir private Path folder;

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private List<String> command(Template template) {
    return switch (template) {
      case GO -> List.of("go", "run", ".");
      case PYTHON -> List.of("python3", "function.py");
      case NODE -> List.of("node", "function.js");
      case JAVA -> List.of(java(), "Function.java");
      case BASH -> List.of("bash", "function.sh");
    };
  }

  private static void requireInstalled(String program) {
    boolean isHere =
        program.startsWith("/")
            || Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(isHere, program + " is not installed");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static HttpResponse<String> post(HttpClient client, int port, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .header("Direktiv-ActionID", "ns/flow/AAAAAA:1:0")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void awaitListening(HttpClient client, int port, Process process)
      throws Exception {
    while (true) {
      assertThat(process.isAlive()).isTrue();
      try {
        post(client, port, "{\"name\":\"x\"}");
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GO", "PYTHON", "NODE", "JAVA"})
  void aServerAnswersItsInputAndTellsItsErrors(Template template) throws Exception {
    // given
    requireInstalled(command(template).getFirst());
    template.write(folder);
    int port = freePort();
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command(template))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("GOCACHE", folder.resolve("cache").toString());
    Process process = builder.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      awaitListening(client, port, process);

      // when
      HttpResponse<String> greeted = post(client, port, "{\"name\":\"Alan\"}");
      HttpResponse<String> nameless = post(client, port, "{}");

      // then
      assertThat(Json.parse(greeted.body())).isEqualTo(Json.parse(GREETING));
      assertThat(greeted.headers().firstValue("Direktiv-ErrorCode")).isEmpty();
      assertThat(nameless.headers().firstValue("Direktiv-ErrorCode")).contains("greet.noName");
      assertThat(nameless.headers().firstValue("Direktiv-ErrorMessage"))
          .contains("the input has no name");
      assertThat(said).content().contains("greeting Alan");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aScriptReadsAndWritesFiles() throws Exception {
    // given the jq of this project where a machine has none
    requireInstalled("bash");
    Template.BASH.write(folder);
    Path jq = Files.createDirectory(folder.resolve("bin")).resolve("jq");
    Files.writeString(
        jq, "#!/bin/sh\nexec " + Path.of("direktiv").toAbsolutePath() + " jq \"$@\"\n");
    assertThat(jq.toFile().setExecutable(true)).isTrue();

    // then
    assertThat(script("{\"name\":\"Alan\"}")).contains("greeting Alan");
    assertThat(Json.parse(Files.readAllBytes(folder.resolve("data.out"))))
        .isEqualTo(Json.parse(GREETING));
    script("{}");
    assertThat(Json.parse(Files.readAllBytes(folder.resolve("error.json"))))
        .isEqualTo(
            Json.parse(
                "{\"errorCode\":\"greet.noName\",\"errorMessage\":\"the input has no name\"}"));
  }

  private String script(String input) throws Exception {
    Files.writeString(folder.resolve("data.in"), input);
    ProcessBuilder builder =
        new ProcessBuilder(command(Template.BASH))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("DIREKTIV_DIR", folder.toString());
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  @ParameterizedTest
  @EnumSource
  void comesWithAWorkflowThatIsValidAndADockerfileThatCopiesItsFiles(Template template)
      throws IOException {
    // when
    template.write(folder);

    // then
    assertThat(
            WorkflowReader.read(Files.readAllBytes(folder.resolve("workflow.yml"))).diagnostics())
        .isEmpty();
    assertThat(folder.resolve("Dockerfile"))
        .content()
        .contains(template.files().getFirst())
        .satisfies(text ->
            assertThat(text.contains("EXPOSE 8080")).isEqualTo(template.contract().equals("http")));
  }

  @Test
  void leavesNothingHalfWritten() throws IOException {
    // given something in the way of the last file
    Files.writeString(folder.resolve("workflow.yml"), "mine");

    // then
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Template.GO.write(folder)))
        .isInstanceOf(IOException.class);
    assertThat(folder.resolve("function.go")).doesNotExist();
  }
}
