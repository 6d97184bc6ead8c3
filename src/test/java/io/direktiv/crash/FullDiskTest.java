package io.direktiv.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server whose disk fills up, or runs no programs, on a small file system of its own.
@Tag("e2e")
class FullDiskTest {
  private static final int DISK_MIB = 80;
  private static final int FILLER_MIB = 44;

  @TempDir Path folder;
  private Path disk;
  private Path filler;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(folder.resolve("disk"));
    int code =
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "tmpfs", disk.toString());
    assumeTrue(code == 0, "this user may not mount a small file system");
    filler = disk.resolve("filler");
    try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
      file.write(new byte[FILLER_MIB << 20]);
    }
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    run("umount", "-l", disk.toString());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private ShippedServer start(String reserve) throws IOException {
    return ServerSpec.in(folder)
        .withData(disk.resolve("data"))
        .withArguments("--disk-reserve-bytes", reserve)
        .start();
  }

  /// Starts large instances until one is refused; returns the refusal.
  private static String fill(Client client, List<String> accepted)
      throws IOException, InterruptedException {
    JsonObject large = JsonObject.of("n", Json.of("x".repeat(300_000)));
    for (int i = 0; i < 1_000; i++) {
      try {
        accepted.add(client.start("keep", large, "large-" + i));
      } catch (IllegalStateException e) {
        return e.getMessage();
      }
    }
    throw new IllegalStateException("the disk never became full");
  }

  private static void prepare(Client client) throws IOException, InterruptedException {
    client.createNamespace();
    client.createWorkflow(Workload.DELAY.source);
    client.createWorkflow("id: keep\nstates:\n- {id: one, type: noop}\n");
  }

  private static void awaitComplete(Client client, List<String> ids)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    while (client.count("pending") > 0 && Instant.now().isBefore(end)) {
      Thread.sleep(50);
    }
    for (String id : ids) {
      assertThat(client.status(id)).as(id).isEqualTo("complete");
    }
  }

  @Test
  void refusesNewWorkOnAFullDiskAndLosesNone() throws Exception {
    List<String> accepted = new ArrayList<>();
    try (ShippedServer server = start("0");
        Client client = new Client(server, "full")) {
      prepare(client);
      for (int i = 0; i < 5; i++) {
        accepted.add(client.start("delay", JsonObject.of("n", Json.of(i)), "delay-" + i));
      }

      String refusal = fill(client, accepted);

      assertThat(refusal).contains("answered 503").contains("DK0010");
      assertThat(accepted).hasSizeGreaterThan(5);
      Files.delete(filler);
      accepted.add(client.start("keep", JsonObject.of("n", Json.of(1)), "again"));
      awaitComplete(client, accepted);
    }
    try (ShippedServer server = start("0");
        Client client = new Client(server, "full")) {
      awaitComplete(client, accepted);
    }
  }

  @Test
  void keepsAReserveForWhatRuns() throws Exception {
    List<String> accepted = new ArrayList<>();
    try (ShippedServer server = start("4MiB");
        Client client = new Client(server, "full")) {
      prepare(client);
      accepted.add(client.start("delay", JsonObject.of("n", Json.of(1)), "delay"));

      String refusal = fill(client, accepted);

      assertThat(refusal).contains("answered 503").contains("4194304 are kept");
      awaitComplete(client, accepted);
      Files.delete(filler);
      accepted.add(client.start("keep", JsonObject.of("n", Json.of(1)), "again"));
      awaitComplete(client, accepted);
    }
  }

  @Test
  void saysNothingWhereNoProgramMayRunFromTheDisk() throws Exception {
    // given
    Files.delete(filler);
    assertThat(run("mount", "-o", "remount,noexec", disk.toString())).isZero();

    // when
    try (ShippedServer server = start("1MiB")) {
      server.awaitReady();

      // then
      assertThat(disk.resolve("data/native")).isEmptyDirectory();
      assertThat(server.stop()).isZero();
    }
    assertThat(Files.readString(folder.resolve("log"))).isEmpty();
  }
}
