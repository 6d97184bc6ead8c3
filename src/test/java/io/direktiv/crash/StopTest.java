package io.direktiv.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shipped server stops when it is asked to, quietly, and goes on after the next start.
@Tag("e2e")
class StopTest {
  @TempDir Path folder;

  private ShippedServer start() throws IOException {
    return ServerSpec.in(folder).start();
  }

  @Test
  void stopsCleanlyUnderLoadAndGoesOnAfterTheNextStart() throws Exception {
    List<String> ids = new ArrayList<>();
    try (ShippedServer server = start();
        Client client = new Client(server, "crash")) {
      client.createNamespace();
      client.createWorkflow(Workload.DELAY.source);
      for (int i = 0; i < 50; i++) {
        ids.add(client.start("delay", JsonObject.of("n", Json.of(i)), "delay-" + i));
      }

      assertThat(server.stop()).isZero();
    }
    assertThat(Files.readString(folder.resolve("log"))).isEmpty();

    try (ShippedServer server = start();
        Client client = new Client(server, "crash")) {
      Instant end = Instant.now().plus(Duration.ofSeconds(30));
      while (client.count("pending") > 0 && Instant.now().isBefore(end)) {
        Thread.sleep(20);
      }
      for (int i = 0; i < ids.size(); i++) {
        assertThat(client.output(ids.get(i))).isEqualTo(JsonObject.of("out", Json.of(i + 2)));
      }
      assertThat(server.stop()).isZero();
    }
  }

  @Test
  void saysOneSentenceWhenItCannotStart() throws Exception {
    try (ShippedServer first = start()) {
      first.awaitReady();
      try (ShippedServer second = start()) {
        assertThat(second.exitCode()).isEqualTo(1);
      }
    }
    assertThat(Files.readString(folder.resolve("log")))
        .startsWith("DK0003: the data folder ")
        .hasLineCount(1);
  }

  @Test
  void leavesNothingOutsideItsFolderWhenItIsKilled() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path unpacked = folder.resolve("data/native");
    ServerSpec spec =
        ServerSpec.in(folder)
            .withEnvironment(Map.of("DIREKTIV_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
    try (ShippedServer server = spec.start()) {
      server.awaitReady();
      server.kill();
    }
    assertThat(namesOfSqlite(temporary)).isEmpty();
    List<String> left = namesOfSqlite(unpacked);
    assertThat(left).isNotEmpty();

    try (ShippedServer server = spec.start()) {
      server.awaitReady();
      assertThat(namesOfSqlite(unpacked)).hasSameSizeAs(left).doesNotContainAnyElementsOf(left);
      server.stop();
    }
    assertThat(namesOfSqlite(unpacked)).isEmpty();
  }

  private static List<String> namesOfSqlite(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("sqlite-"))
          .toList();
    }
  }
}
