package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.SandboxLimits.Network;
import io.direktiv.functions.data.GivenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Looks from one namespace's sandbox for what another's knows: while both run, and after the first
/// has ended and what was made ahead for it waits.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NeighboursTest {
  private static final String SECRET = "s3cret-of-the-neighbour";
  private static final SandboxLimits LIMITS = OciFixture.limits(Network.EGRESS);

  /// Puts the secret wherever a sandbox can have one, and says so.
  private static final String KEEP =
      "export FOUND=$(cat /direktiv-data/data.in); for d in / /tmp /dev/shm /direktiv-data;"
          + " do echo $FOUND > ${d}/kept; done; sh -c 'echo ready; exec sleep 60' $FOUND";

  /// Prints every environment, command line and file that can be read, but its own search.
  private static final String SEARCH =
      "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n';"
          + " for f in /kept /tmp/* /dev/shm/* /direktiv-data/* /run/* /var/* /proc/[0-9]*/r??t/kept"
          + " /proc/[0-9]*/r??t/direktiv-data/kept /proc/[0-9]*/cwd/kept; do cat $f; done;"
          + " echo searched";

  private static OciFixture fixture;

  @BeforeAll
  static void start() throws IOException {
    fixture = OciFixture.start(new OciRuntime.Ahead(4, Duration.ofMinutes(1)));
  }

  @AfterAll
  static void stop() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static Sandbox sandbox(String namespace, String script, Map<String, GivenFile> files) {
    return new Sandbox(
        "direktiv-test-" + UUID.randomUUID(),
        namespace,
        "direktiv/shell:v1",
        List.of(script),
        Map.of("TOKEN", namespace.equals("theirs") ? SECRET : "none"),
        files,
        Map.of("data.out", 1 << 20),
        LIMITS,
        Optional.empty(),
        0);
  }

  private static Sandbox keeping() {
    GivenFile secret = GivenFile.of(SECRET.getBytes(StandardCharsets.UTF_8));
    return sandbox("theirs", KEEP, Map.of("data.in", secret));
  }

  private static String searched() throws Exception {
    // Into a file that the search itself does not find.
    String script = "{ " + SEARCH + "\n} > /tmp/.all 2>&1; cp /tmp/.all /direktiv-data/data.out";
    return fixture.said(sandbox("ours", script, Map.of()));
  }

  @Test
  void aSandboxThatRunsBesideItsNeighbourFindsNothingOfIt() throws Exception {
    try (OciFixture.Running running = fixture.running(keeping())) {
      assertThat(running.firstLine()).isEqualTo("ready");

      // then the search finds its own secrets, and no others
      assertThat(searched()).contains("TOKEN=none").contains("searched").doesNotContain(SECRET);
    }
  }

  @Test
  void aSandboxThatComesAfterItsNeighbourFindsNothingOfIt() throws Exception {
    // given
    try (OciFixture.Running running = fixture.running(keeping())) {
      assertThat(running.firstLine()).isEqualTo("ready");
    }

    // then
    for (int i = 0; i < 3; i++) {
      assertThat(searched()).contains("TOKEN=none").contains("searched").doesNotContain(SECRET);
    }
  }

  @Test
  void whatASandboxLeavesIsNotThereForTheNextOfItsOwnNamespace() throws Exception {
    // given
    String script =
        "cat /kept /tmp/kept /dev/shm/kept; echo mine | tee /kept /tmp/kept /dev/shm/kept";

    // then
    for (int i = 0; i < 3; i++) {
      assertThat(
              fixture.said(
                  sandbox("ours", "{ " + script + "; } > /direktiv-data/data.out 2>&1", Map.of())))
          .endsWith("mine\n")
          .containsOnlyOnce("mine");
    }
  }
}
