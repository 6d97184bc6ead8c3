package io.direktiv.functions.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.docker.PodmanEngine;
import io.direktiv.functions.docker.TestImage;
import io.direktiv.functions.docker.TestRegistry;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A workflow that calls a function of each contract, on a server, without an engine and with one.
@Tag("e2e")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ContractsE2eTest {
  private static final String WORKFLOW =
      """
      id: all
      functions:
      - id: greet
        image: IMAGE
        files: [ { key: visits, scope: workflow } ]
        cmd: |
          cd /direktiv-data
          n=$(($(cat visits) + 1))
          echo "greeting number $n"
          echo $n > out/workflow/visits
          sed "s/.*:.\\(.*\\)\\"}/{\\"text\\":\\"hello $n, \\1\\"}/" data.in > data.out
      - id: shout
        image: IMAGE
        contract: stdio
        cmd: tr a-z A-Z
      - id: serve
        image: IMAGE
        contract: http
        cmd: |
          cat > /tmp/answer <<'END'
          echo >> /tmp/asked
          while read -r l; do case $l in *ActionID:*) id=${l#*: }; id=${id%?};; esac; [ ${#l} -gt 1 ] || break; done
          wget -q -O /dev/null "http://127.0.0.1:8889/log?aid=$id&log=serving"
          n=$(wget -q -O - "http://127.0.0.1:8889/var?aid=$id&scope=workflow&key=visits" | tr -d '\\n')
          body="{\\"visits\\":$n,\\"asked\\":$(wc -l < /tmp/asked)}"
          printf 'HTTP/1.1 200 OK\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${#body} "$body"
          END
          while true; do nc -l -p 8080 -e sh /tmp/answer; done
      states:
      - id: greet
        type: action
        action: { function: greet, input: '{ name: .name }' }
        transform: '{ greeted: .return.text }'
        transition: shout
      - id: shout
        type: action
        action: { function: shout, input: '{ text: .greeted }' }
        transform: '{ shouted: .return.TEXT }'
        transition: serve
      - id: serve
        type: action
        action: { function: serve, input: . }
        transform: '{ shouted, served: .return }'
      """;

  private static JsonObject run(FunctionServer server) {
    return (JsonObject)
        server
            .send(
                "POST",
                "/all/instances?workflow=all&wait=true&output=true",
                "application/json",
                "{\"name\":\"Alan\"}")
            .body();
  }

  /// Runs the workflow three times and looks at what came of it.
  private static void assertAllContractsWork(FunctionServer server, String image) {
    // given
    server.send("POST", "/all/workflows", "application/yaml", WORKFLOW.replace("IMAGE", image));

    // then
    for (int i = 1; i <= 3; i++) {
      assertThat(run(server))
          .isEqualTo(
              Json.parse(
                  "{\"shouted\":\"HELLO "
                      + i
                      + ", ALAN\",\"served\":{\"visits\":"
                      + i
                      + ",\"asked\":"
                      + i
                      + "}}"));
    }
    List<String> instances = server.texts("/all/instances", "id");
    assertThat(server.texts("/" + logs(instances.getFirst()), "message"))
        .contains("greeting number 3", "serving");
    assertThat(server.printed()).doesNotContain("HELLO 1");
  }

  private static String logs(String instance) {
    return instance.replaceFirst("/", "/instances/") + "/logs";
  }

  private static FunctionServer start(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("DIREKTIV_FUNCTIONS_NETWORK", "none");
    FunctionServer server = FunctionServer.start(all);
    server.send("POST", "", "application/json", "{\"name\":\"all\"}");
    return server;
  }

  @Test
  void runsThemWithoutAnEngine() {
    boolean hasRunc =
        Stream.of("/usr/sbin/runc", "/usr/bin/runc", "/usr/bin/crun")
            .anyMatch(path -> Files.isExecutable(Path.of(path)));
    assumeTrue("root".equals(System.getProperty("user.name")), "this test needs root");
    assumeTrue(hasRunc, "neither runc nor crun is installed");
    try (TestRegistry registry =
            new TestRegistry(TestImage.shell("shell", "true"), "user", "password");
        FunctionServer server = start(Map.of("DIREKTIV_ISOLATION", "oci"))) {
      server.send(
          "PUT",
          "/all/registries",
          "application/json",
          "{\"url\":\"" + registry.host() + "\",\"user\":\"user\",\"password\":\"password\"}");
      assertAllContractsWork(server, registry.host() + "/there/shell:v1");
    }
  }

  @Test
  void runsThemOnPodman() {
    try (PodmanEngine engine = PodmanEngine.start()) {
      engine.load(TestImage.shell("direktiv/shell:v1", "true"));
      try (FunctionServer server = start(engine.environment())) {
        assertAllContractsWork(server, "direktiv/shell:v1");
      }
      assertThat(engine.awaitEmpty()).isTrue();
    }
  }
}
