package io.direktiv.bench;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Measures what one tenant's endless queries cost another tenant.
final class TenantsBench {
  private static final int QUERIES = 16;

  private static final String ENDLESS =
      """
      id: endless
      states:
      - id: spin
        type: noop
        transform: 'def f: f; f'
        catch:
        - error: direktiv.jq.limit
          transition: caught
      - id: caught
        type: noop
        transform: '{ msg: "Hello, limit" }'
      """;

  private static final String POLITE =
      """
      id: polite
      states:
      - id: hello
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;

  private TenantsBench() {}

  static void run(Options options) throws Exception {
    Duration duration = options.duration().orElse(Duration.ofSeconds(30));
    Report report =
        new Report(
            "Tenants",
            "One tenant's endless queries beside another's work",
            "Namespace `busy` runs "
                + QUERIES
                + " queries that never end (each until its limit of 10 s, then again); namespace"
                + " `calm` starts a one-state workflow with four clients and waits for each, for "
                + duration.toSeconds()
                + " s a line.");
    try (BenchServer server = BenchServer.start();
        ExecutorService busy = Executors.newSingleThreadExecutor()) {
      create(server, "busy", ENDLESS);
      create(server, "calm", POLITE);
      report.head("beside", "per second", "p50 ms", "p99 ms", "target p99 ms");
      load(server, "calm", "polite").run(4, Duration.ofSeconds(5));
      row(report, "nothing", load(server, "calm", "polite").run(4, duration));
      Future<?> spinning =
          busy.submit(() -> load(server, "busy", "endless").run(QUERIES, duration.plusSeconds(2)));
      Thread.sleep(1_000);
      row(report, QUERIES + " endless queries", load(server, "calm", "polite").run(4, duration));
      spinning.get();
    }
    report.write();
  }

  private static void create(BenchServer server, String namespace, String source) throws Exception {
    server.send(
        "POST", "/api/v2/namespaces", "application/json", "{\"name\":\"" + namespace + "\"}");
    server.send(
        "POST", "/api/v2/namespaces/" + namespace + "/workflows", "application/yaml", source);
  }

  private static Load load(BenchServer server, String namespace, String workflow) {
    String path =
        "/api/v2/namespaces/"
            + namespace
            + "/instances?workflow="
            + workflow
            + "&wait=true&output=true";
    return new Load(server.httpPort(), path, "{\"name\":\"Alan\"}", "{\"msg\":\"Hello, ");
  }

  private static void row(Report report, String beside, Load.Result result) {
    report.row(
        beside,
        result.perSecond(),
        result.millis().median(),
        result.millis().quantile(0.99),
        "≤ 100");
  }
}
