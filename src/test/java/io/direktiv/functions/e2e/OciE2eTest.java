package io.direktiv.functions.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.docker.TestImage;
import io.direktiv.functions.docker.TestRegistry;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that runs functions without an engine: from a registry with a login to the result.
@Tag("e2e")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OciE2eTest {
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

  private static TestRegistry registry;
  private static FunctionServer server;

  @BeforeAll
  static void start() {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    boolean hasRunc =
        Stream.of("/usr/sbin/runc", "/usr/bin/runc", "/usr/bin/crun")
            .anyMatch(path -> Files.isExecutable(Path.of(path)));
    assumeTrue(isRoot, "the runtime oci needs root");
    assumeTrue(hasRunc, "neither runc nor crun is installed");
    registry =
        new TestRegistry(
            TestImage.shell(
                "greet",
                "echo greeting; grep -q forever /direktiv-data/data.in"
                    + " && { dd if=/dev/zero of=/left bs=1024 count=1024; sleep 12345; };"
                    + " sed 's/.*:\"\\(.*\\)\".*/{\"msg\":\"Hello, \\1!\"}/'"
                    + " /direktiv-data/data.in > /direktiv-data/data.out"),
            "user",
            "password");
    server =
        FunctionServer.start(
            Map.of("DIREKTIV_ISOLATION", "oci", "DIREKTIV_FUNCTIONS_NETWORK", "none"));
    for (String namespace : new String[] {"mine", "other"}) {
      server.send("POST", "", "application/json", "{\"name\":\"" + namespace + "\"}");
      server.send(
          "POST",
          "/" + namespace + "/workflows",
          "application/yaml",
          GREETS.formatted(registry.host()));
    }
    server.send(
        "PUT",
        "/mine/registries",
        "application/json",
        "{\"url\":\"" + registry.host() + "\",\"user\":\"user\",\"password\":\"password\"}");
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

  private static FunctionServer.Reply greet(String namespace) {
    return greet(namespace, "Alan", "&wait=true&output=true");
  }

  private static FunctionServer.Reply greet(String namespace, String name, String how) {
    return server.send(
        "POST",
        "/" + namespace + "/instances?workflow=greets" + how,
        "application/json",
        "{\"name\":\"" + name + "\"}");
  }

  @Test
  void runsAnImageOfARegistryAndGivesItToNobodyWithoutALogin() {
    // when
    FunctionServer.Reply mine = greet("mine");
    FunctionServer.Reply other = greet("other");

    // then
    assertThat(mine.body().toString()).contains("Hello, Alan!");
    assertThat(other.body().toString())
        .contains("direktiv.function.image")
        .contains("wants a login")
        .doesNotContain("Hello");
  }

  @Test
  void aFunctionThatPrintsAGibibyteIsRunAndItsLogStaysSmall() {
    // given
    server.send(
        "POST",
        "/mine/workflows",
        "application/yaml",
        GREETS
            .formatted(registry.host())
            .replace("id: greets", "id: floods")
            .replace(
                "greet:v1\n",
                "greet:v1\n  cmd: seq 100000; head -c 1073741824 /dev/zero; echo; sleep 1; echo last;"
                    + " echo {} > /direktiv-data/data.out\n"));

    // when
    FunctionServer.Reply reply =
        server.send(
            "POST", "/mine/instances?workflow=floods", "application/json", "{\"name\":\"Alan\"}");

    // then
    String id = ((JsonString) reply.data().get("id")).value();
    String instance = "/mine/instances/" + id.substring(id.indexOf('/') + 1);
    JsonObject end = server.awaitEnd(instance);
    assertThat(end.get("status")).as("%s", end).isEqualTo(Json.of("complete"));
    List<String> log = server.texts(instance + "/logs?limit=10000", "message");
    assertThat(log)
        .hasSizeBetween(2_000, 9_000)
        .anyMatch(line -> line.contains("lines of the function were left out"))
        .contains("last")
        .allMatch(line -> line.length() < 8_300);
  }

  @Test
  void sweepsTheDisksThatAKilledServerLeft() throws Exception {
    // given
    Set<String> before = disks();
    greet("mine", "forever", "");
    Set<String> given = new HashSet<>();
    while (given.isEmpty()) {
      Thread.sleep(20);
      assumeTrue(!server.printed().contains("is not limited on this"), "no disks can be had here");
      given.addAll(disks());
      given.removeAll(before);
    }

    // when
    server.kill();
    Set<String> left = disks();
    server.start();

    // then the instance goes on, in another sandbox with another disk
    assertThat(left).containsAll(given);
    while (disks().stream().anyMatch(given::contains)) {
      Thread.sleep(20);
    }
  }

  /// Where disks of the server's sandboxes are mounted.
  private static Set<String> disks() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.startsWith("/dev/loop"))
        .map(line -> line.split(" ")[1])
        .filter(folder -> folder.startsWith(server.data().toString()))
        .collect(Collectors.toSet());
  }
}
