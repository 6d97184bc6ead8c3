package io.direktiv.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An acknowledged start is on disk: the server's system calls show a flush of the database that
/// was called after the request was read and had returned before the answer was written.
@Tag("e2e")
class DurableAckTest {
  private static final int STARTS = 5;

  @TempDir Path folder;

  @Test
  void flushesBetweenARequestAndItsAnswer() throws Exception {
    assumeTrue(isInstalled("strace"), "strace is not installed");
    Path trace = folder.resolve("trace");
    ServerSpec traced =
        ServerSpec.in(folder)
            .withPrefix(
                "strace",
                "-f",
                "-y",
                "-s",
                "600",
                "-o",
                trace.toString(),
                "-e",
                "trace=read,recvfrom,readv,write,writev,sendto,sendmsg,fdatasync,fsync");
    try (ShippedServer server = traced.start();
        Client client = new Client(server, "demo")) {
      client.createNamespace();
      client.createWorkflow(Workload.PURE.source);
      for (int i = 0; i < STARTS; i++) {
        client.start("pure", JsonObject.of("n", Json.of(i)), "durable-" + i);
      }
      ProcessHandle.of(server.pid()).stream()
          .flatMap(ProcessHandle::children)
          .forEach(ProcessHandle::destroy);
      server.exitCode();
    }

    List<String> calls = Files.readAllLines(trace, StandardCharsets.ISO_8859_1);

    for (int i = 0; i < STARTS; i++) {
      String key = "durable-" + i;
      int request = first(calls, 0, key);
      int answer = first(calls, request, "HTTP/1.1 201");
      assertThat(flushes(calls.subList(request, answer)))
          .as("flushes of the database between request " + key + " and its answer")
          .isPositive();
    }
  }

  private static boolean isInstalled(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + command).start().waitFor() == 0;
  }

  private static int first(List<String> calls, int from, String text) {
    return IntStream.range(from, calls.size())
        .filter(i -> calls.get(i).contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no system call shows " + text));
  }

  /// Flushes of the database or its log that begin and end within `calls`. A call that another
  /// thread's call interrupts in the trace stands on two lines, `<unfinished ...>` and `resumed`.
  private static long flushes(List<String> calls) {
    List<String> unfinished = new ArrayList<>();
    long count = 0;
    for (String call : calls) {
      String thread = call.substring(0, call.indexOf(' '));
      boolean isFlush = call.contains("fdatasync(") || call.contains("fsync(");
      boolean isOfDatabase = isFlush && call.contains("direktiv.db");
      boolean isResumed = call.contains("sync resumed>") && unfinished.remove(thread);
      if (isOfDatabase && call.contains("<unfinished")) {
        unfinished.add(thread);
      } else if ((isOfDatabase || isResumed) && call.endsWith("= 0")) {
        count++;
      }
    }
    return count;
  }
}
