package io.direktiv.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// Measures durable workflows over HTTP on a running server: answers of `wait=true` with their
/// output, history and logs on, while the generator shares the machine.
final class HttpBench {
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final int FLUSHES = 1_000;

  private static final String ONE =
      """
      id: one
      states:
      - id: hello
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;

  private static final String THREE =
      """
      id: three
      states:
      - { id: a, type: noop, transition: b }
      - id: b
        type: switch
        conditions:
        - { condition: .name == "Alan", transition: c }
      - id: c
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;

  private static final String CHILD = "id: child\nstates:\n- { id: a, type: noop }\n";

  private static final String FOREACH =
      """
      id: hundred
      states:
      - id: each
        type: foreach
        array: '[range(100) | { n: . }]'
        action:
          workflow: child
          input: .
        transform: '{ msg: "Hello, \\(.return | length)" }'
      """;

  private HttpBench() {}

  static void run(Options options) throws Exception {
    Duration duration = options.duration().orElse(Duration.ofSeconds(60));
    Report report =
        new Report(
            "Http",
            "Durable workflows over HTTP",
            "The server runs in a process of its own, the clients in another on the same machine;"
                + " each client sends the next request when it has the answer of `wait=true`, for "
                + duration.toSeconds()
                + " s a line. History and logs are on. The workflows: one noop with a transform;"
                + " noop, switch, noop with a transform; a foreach over 100 no-op subflows.");
    try (BenchServer server = BenchServer.start()) {
      server.send("POST", "/api/v2/namespaces", "application/json", "{\"name\":\"bench\"}");
      for (String source : new String[] {ONE, THREE, CHILD, FOREACH}) {
        server.send("POST", "/api/v2/namespaces/bench/workflows", "application/yaml", source);
      }
      flushes(report, server.folder());
      report.head(
          "workflow", "clients", "per second", "p50 ms", "p99 ms", "records per flush", "flush ms");
      load(server, "three").run(64, WARM_UP);
      for (String workflow : new String[] {"one", "three"}) {
        for (int clients : new int[] {1, 8, 64}) {
          measure(report, server, workflow, clients, duration);
        }
      }
      measure(report, server, "hundred", 1, Duration.ofSeconds(10));
      report.line("");
      flushes(report, server.folder());
      report.line(
          "Resident memory after the load: " + Report.number(server.residentMiB()) + " MiB.");
    }
    report.line("");
    report.line(
        "Targets (SPECIFICATION.md): three states with 64 clients ≥ 5,000 per second; one state"
            + " with one client: p50 ≤ 2 × one flush of the disk + 1 ms; the foreach ≤ 50 ms.");
    report.write();
  }

  private static Load load(BenchServer server, String workflow) {
    String path =
        "/api/v2/namespaces/bench/instances?workflow=" + workflow + "&wait=true&output=true";
    return new Load(server.httpPort(), path, "{\"name\":\"Alan\"}", "{\"msg\":\"Hello, ");
  }

  private static void measure(
      Report report, BenchServer server, String workflow, int clients, Duration duration)
      throws Exception {
    load(server, workflow).run(clients, Duration.ofSeconds(2));
    long commits = server.store("commits");
    long flushes = server.store("flushes");
    long millis = server.store("flushMillis");
    Load.Result result = load(server, workflow).run(clients, duration);
    double flushed = Math.max(1, server.store("flushes") - flushes);
    report.row(
        workflow,
        clients,
        result.perSecond(),
        result.millis().median(),
        result.millis().quantile(0.99),
        (server.store("commits") - commits) / flushed,
        (server.store("flushMillis") - millis) / flushed);
  }

  /// Times `fdatasync` of a small write into a file that has its length already, on the same disk.
  private static void flushes(Report report, Path folder) throws IOException {
    Path file = folder.resolve("flush");
    double[] millis = new double[FLUSHES];
    ByteBuffer block = ByteBuffer.allocateDirect(4096);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FLUSHES; i++) {
        channel.write(block.clear());
      }
      channel.force(true);
      for (int i = 0; i < FLUSHES; i++) {
        channel.write(block.clear(), 4096L * i);
        long start = System.nanoTime();
        channel.force(false);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Files.delete(file);
    Sample sample = Sample.of(millis);
    report.line(
        "One `fdatasync` of 4 KiB on the same disk: p50 "
            + Report.number(sample.median())
            + " ms, p99 "
            + Report.number(sample.quantile(0.99))
            + " ms.");
    report.line("");
  }
}
