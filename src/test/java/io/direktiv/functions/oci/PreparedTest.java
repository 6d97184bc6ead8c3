package io.direktiv.functions.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.Attendant;
import io.direktiv.functions.Exit;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sandboxes that are made ahead of calls.
@Timeout(120)
class PreparedTest {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(
          1, 64L << 20, 64, 256, 16L << 20, 0, Duration.ofSeconds(60), SandboxLimits.Network.NONE);
  private static final String COPY =
      "cat /direktiv-data/data.in /tmp/before > /direktiv-data/data.out; echo here > /tmp/before";

  private OciFixture fixture;

  private void start(int most, Duration idle) throws IOException {
    fixture = OciFixture.start(new OciRuntime.Ahead(most, idle));
  }

  @AfterEach
  void close() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private SandboxEnd call(String namespace, int ready) throws Exception {
    return call(namespace, ready, _ -> {});
  }

  private SandboxEnd call(String namespace, int ready, Attendant attendant) throws Exception {
    return fixture
        .runtime()
        .run(
            new Sandbox(
                "direktiv-test-" + UUID.randomUUID(),
                namespace,
                "direktiv/shell:v1",
                List.of(COPY),
                Map.of(),
                Map.of("data.in", GivenFile.of(namespace.getBytes(StandardCharsets.UTF_8))),
                Map.of("data.out", 100),
                LIMITS,
                Optional.empty(),
                ready),
            attendant);
  }

  private static String result(SandboxEnd end) {
    return new String(
        ((SandboxFile.Content) end.files().get("data.out")).bytes(), StandardCharsets.UTF_8);
  }

  /// The sandboxes that wait, by name; those that are being made or removed do not count.
  private Set<String> waiting() throws IOException {
    try (Stream<Path> folders = Files.list(fixture.folder().resolve("run/sandboxes"))) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("direktiv-ahead-"))
          .filter(folder -> Files.exists(folder.resolve("pid")))
          .map(folder -> folder.getFileName().toString())
          .collect(Collectors.toSet());
    } catch (NoSuchFileException _) {
      return Set.of();
    }
  }

  private Set<String> awaitWaiting(int count) throws Exception {
    while (fixture.runtime().ahead() != count || waiting().size() != count) {
      Thread.sleep(10);
    }
    return waiting();
  }

  @Test
  void theNextCallOfANamespaceFindsOneAndStartsAfresh() throws Exception {
    // given
    start(4, Duration.ofMinutes(1));
    String first = result(call("mine", 0));
    Set<String> ahead = awaitWaiting(1);

    // when
    String second = result(call("mine", 0));

    // then it ran in the one that waited, and saw nothing of the first
    assertThat(first).isEqualTo("mine");
    assertThat(second).isEqualTo("mine");
    while (waiting().containsAll(ahead)) {
      Thread.sleep(10);
    }
    awaitWaiting(1);
  }

  @Test
  void anotherNamespaceGetsNoneOfThem() throws Exception {
    // given
    start(4, Duration.ofMinutes(1));
    call("mine", 0);
    Set<String> mine = awaitWaiting(1);

    // when
    String other = result(call("other", 0));

    // then
    assertThat(other).isEqualTo("other");
    assertThat(awaitWaiting(2)).containsAll(mine);
  }

  @Test
  void keepsAsManyAsAFunctionWantsAndNoMoreThanIsAllowed() throws Exception {
    // given
    start(3, Duration.ofMinutes(1));

    // when
    call("mine", 2);

    // then
    Set<String> mine = awaitWaiting(2);

    // when
    call("other", 2);

    // then the one that was called longer ago makes room
    while (waiting().containsAll(mine) || waiting().size() != 3) {
      Thread.sleep(10);
    }
  }

  @Test
  void oneThatDiedIsNotUsed() throws Exception {
    // given
    start(1, Duration.ofMinutes(1));
    call("mine", 0);
    String ahead = awaitWaiting(1).iterator().next();
    Path pid = fixture.folder().resolve("run/sandboxes").resolve(ahead).resolve("pid");
    Linux.kill(Integer.parseInt(Files.readString(pid).strip()), 9);

    // then
    assertThat(result(call("mine", 0))).isEqualTo("mine");
  }

  @Test
  void theWayIntoOneThatDoesNotStartIsNotShown() throws Exception {
    // given
    start(1, Duration.ofMinutes(1));
    call("mine", 0);
    String ahead = awaitWaiting(1).iterator().next();
    try (Stream<Path> files =
        Files.find(fixture.folder(), 9, (path, _) -> path.endsWith(ahead + "/exec.fifo"))) {
      Files.delete(files.findFirst().orElseThrow());
    }
    List<Inside> shown = new CopyOnWriteArrayList<>();

    // when
    SandboxEnd end =
        call(
            "mine",
            0,
            new Attendant() {
              @Override
              public void line(OutputLine line) {
                // Nothing is printed.
              }

              @Override
              public void begun(Inside inside) {
                shown.add(inside);
              }
            });

    // then
    assertThat(result(end)).isEqualTo("mine");
    assertThat(shown).hasSize(1);
  }

  @Test
  void oneThatNobodyCallsIsRemoved() throws Exception {
    // given
    start(2, Duration.ofMillis(200));

    // when
    SandboxEnd end = call("mine", 1);

    // then
    assertThat(end.exit()).isEqualTo(new Exit.Exited(0));
    fixture.awaitNothingLeft();
  }

  @Test
  void aRuntimeThatIsClosedLeavesNone() throws Exception {
    // given
    start(2, Duration.ofMinutes(1));
    call("mine", 2);
    awaitWaiting(2);

    // when
    fixture.runtime().close();

    // then
    assertThat(fixture.folder().resolve("run")).doesNotExist();
    assertThat(fixture.folder().resolve("disks")).doesNotExist();
  }
}
