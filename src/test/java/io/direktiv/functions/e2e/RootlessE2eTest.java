package io.direktiv.functions.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.docker.TestImage;
import io.direktiv.functions.docker.TestRegistry;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server of the user `nobody` that runs functions without an engine.
@Tag("e2e")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RootlessE2eTest {
  private static final int NOBODY = 65_534;
  private static final List<String> CARRIERS = List.of("slirp4netns", "pasta", "passt.avx2");
  private static final String GREETS =
      """
      id: greets
      functions:
      - id: greet
        image: %s/there/greet:v1
      states:
      - id: greet
        type: action
        action: { function: greet, input: '{ name: .name }' }
        transform: .return
      """;
  private static final String WAITS =
      """
      id: waits
      functions:
      - id: sleep
        image: %1$s/there/greet:v1
        cmd: echo begun; sleep 12345
      - id: serve
        image: %1$s/there/greet:v1
        contract: http
        cmd: echo begun; nc -l -p 8080 -e sleep 12345
      states:
      - id: both
        type: parallel
        actions:
        - function: sleep
        - function: serve
      """;

  private static TestRegistry registry;
  private static FunctionServer server;

  @BeforeAll
  static void start() {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can be another user");
    assumeTrue(isHere("setpriv") && isHere("unshare"), "util-linux is not installed");
    assumeTrue(isHere("crun") || isHere("runc"), "neither crun nor runc is installed");
    assumeTrue(CARRIERS.stream().anyMatch(RootlessE2eTest::isHere), "slirp4netns is not installed");
    registry =
        new TestRegistry(
            TestImage.shell(
                "greet",
                "sed 's/.*:\"\\(.*\\)\".*/{\"msg\":\"Hello, \\1!\"}/'"
                    + " /direktiv-data/data.in > /direktiv-data/data.out"),
            "user",
            "password");
    server = FunctionServer.startAs(NOBODY, Map.of("DIREKTIV_ISOLATION", "oci"));
    server.send("POST", "", "application/json", "{\"name\":\"mine\"}");
    for (String workflow : List.of(GREETS, WAITS)) {
      String text = workflow.formatted(registry.host());
      FunctionServer.Reply reply = server.send("POST", "/mine/workflows", "application/yaml", text);
      assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
    }
    server.send(
        "PUT",
        "/mine/registries",
        "application/json",
        "{\"url\":\"" + registry.host() + "\",\"user\":\"user\",\"password\":\"password\"}");
  }

  private static boolean isHere(String program) {
    return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private static FunctionServer.Reply greet(String name) {
    return server.send(
        "POST",
        "/mine/instances?workflow=greets&output=true&wait=true",
        "application/json",
        "{\"name\":\"" + name + "\"}");
  }

  @Test
  void runsAnImageOfARegistryAndSaysWhatIsNotLimited() {
    assertThat(greet("Alan").body().toString()).contains("Hello, Alan!");
    assertThat(server.printed())
        .contains("without root: processors and disks are not limited")
        .contains("for more run the server as root");
  }

  @Test
  void endsWhatAKilledServerLeftRunning() throws Exception {
    // given a function of files and one that serves, both with a way out
    FunctionServer.Reply reply =
        server.send("POST", "/mine/instances?workflow=waits", "application/json", "{}");
    String id = ((JsonString) reply.data().get("id")).value();
    awaitBegun("/mine/instances/" + id.split("/", 2)[1]);
    List<ProcessHandle> processes = awaitAsleep();
    assertThat(processes).extracting(NAME).contains("java").containsAnyElementsOf(CARRIERS);
    Set<Path> folders = sandboxes();

    // when
    server.kill();
    List<String> left = processes.stream().filter(RootlessE2eTest::runs).map(NAME).toList();
    Set<Path> leftFolders = sandboxes();
    server.start();
    FunctionServer.Reply next = greet("Grace");

    // then nothing of the old ones is left, and the server works
    assertThat(left).filteredOn("sleep"::equals).hasSize(2);
    assertThat(leftFolders).containsAll(folders).hasSizeGreaterThan(1);
    assertThat(next.body().toString()).contains("Hello, Grace!");
    assertThat(processes).filteredOn(RootlessE2eTest::runs).extracting(NAME).isEmpty();
    assertThat(sandboxes()).doesNotContainAnyElementsOf(folders);
  }

  private static void awaitBegun(String path) throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      if (server.texts(path + "/logs", "message").stream().filter("begun"::equals).count() == 2) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("they do not begin: " + server.get(path + "/logs").body());
  }

  /// The processes of the server, once those of both functions do what they do next: sleep.
  private static List<ProcessHandle> awaitAsleep() throws InterruptedException {
    List<ProcessHandle> processes = server.processes();
    while (processes.stream().map(NAME).filter("sleep"::equals).count() < 2) {
      Thread.sleep(20);
      processes = server.processes();
    }
    return processes;
  }

  private static final Function<ProcessHandle, String> NAME =
      process -> text(Path.of("/proc/" + process.pid() + "/comm"));

  /// False also when it has ended and waits for its parent to take notice.
  private static boolean runs(ProcessHandle process) {
    return process.isAlive()
        && !text(Path.of("/proc/" + process.pid() + "/status")).contains("State:\tZ");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException _) {
      return "";
    }
  }

  /// The folders of its sandboxes, in memory and on disk.
  private static Set<Path> sandboxes() throws IOException {
    try (Stream<Path> all = Files.walk(server.folder(), 4)) {
      return all.filter(path -> path.getParent().endsWith("sandboxes")).collect(Collectors.toSet());
    }
  }
}
