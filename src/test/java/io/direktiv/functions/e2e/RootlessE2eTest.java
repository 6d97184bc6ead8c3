package io.direktiv.functions.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.docker.TestImage;
import io.direktiv.functions.docker.TestRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can be another user");
    for (String program : new String[] {"setpriv", "unshare", "crun", "slirp4netns"}) {
      assumeTrue(isHere(program), program + " is not installed");
    }
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
    server.send("POST", "/mine/workflows", "application/yaml", GREETS.formatted(registry.host()));
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
        .contains("functions   oci (crun without root: processors and disks are not limited")
        .contains("for more run the server as root");
  }
}
