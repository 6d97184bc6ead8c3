package io.direktiv.bench;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.TimerId;
import io.direktiv.json.Json;
import io.direktiv.model.EventFilter;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.store.Change;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import io.direktiv.store.sql.SqlStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Measures a server on a store full of instances that wait: how soon it is there, what it weighs,
/// and how fast it finds the one that something happens to.
///
/// The store is filled with copies of instances that a server made: it starts one of each kind, and
/// the copies differ in id and in what they wait for.
final class WaitingBench {
  private static final int COUNT = 1_000_000;
  private static final int GROUP = 10_000;

  private static final String SLEEPER =
      "id: sleeper\nstates:\n- { id: sleep, type: delay, duration: P365D }\n";
  private static final String NAPPER =
      "id: napper\nstates:\n- { id: nap, type: delay, duration: PT1S }\n";
  private static final String HELLO =
      "id: hello\nstates:\n- { id: a, type: noop, transform: '{ msg: \"Hello, you\" }' }\n";
  private static final String LISTENER =
      """
      id: listener
      states:
      - id: listen
        type: consumeEvent
        event: { type: bench.go, context: { key: k0 } }
      """;

  private final Report report;
  private final int count;
  private final Path folder;
  private final int port;
  private int suffix;

  private WaitingBench(Report report, int count) throws IOException {
    this.report = report;
    this.count = count;
    this.folder = BenchServer.newFolder();
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
  }

  static void run(Options options) throws Exception {
    int count = options.count().orElse(COUNT);
    Report report =
        new Report(
            "Waiting",
            "A server with many waiting instances",
            String.format(
                "The data folder holds %,d instances: 80 %% sleep for a year, 10 %% listen to one"
                    + " type of event, each with a key of its own, 10 %% sleep in a namespace that"
                    + " is deleted in the end. The shipped server is started on it.",
                count));
    new WaitingBench(report, count).measure();
  }

  private void measure() throws Exception {
    prepare();
    fill();
    report.head("what", "measured", "target");
    try (BenchServer server = restart()) {
      latencies(server, "event to the end of the one of " + count / 10 + " that it is for");
      listings(server);
      deletion(server);
      report.row(
          "resident memory in the end",
          Report.number(server.residentMiB()) + " MiB",
          "≤ 1,024 MiB");
    }
    report.write();
  }

  private BenchServer start() throws IOException, InterruptedException {
    return BenchServer.start(ServerSpec.in(folder).withBind("127.0.0.1:" + port));
  }

  private void prepare() throws Exception {
    BenchServer server = start();
    for (String namespace : List.of("sleepers", "listeners", "doomed")) {
      server.send(
          "POST", "/api/v2/namespaces", "application/json", "{\"name\":\"" + namespace + "\"}");
      for (String source : List.of(SLEEPER, NAPPER, HELLO, LISTENER)) {
        server.send("POST", workflows(namespace), "application/yaml", source);
      }
      String kind = namespace.equals("listeners") ? "listener" : "sleeper";
      server.send("POST", instances(namespace) + "?workflow=" + kind, "application/json", "{}");
    }
    server.stop();
  }

  private static String workflows(String namespace) {
    return "/api/v2/namespaces/" + namespace + "/workflows";
  }

  private static String instances(String namespace) {
    return "/api/v2/namespaces/" + namespace + "/instances";
  }

  // ---- filling ----

  private void fill() {
    try (ExecutorService notifier = Executors.newSingleThreadExecutor();
        Store store = SqlStore.open(folder.resolve("data"), notifier)) {
      fill(store, "sleepers", count / 10 * 8);
      fill(store, "listeners", count / 10);
      fill(store, "doomed", count / 10);
    }
  }

  private void fill(Store store, String namespace, int wanted) {
    InstanceId first =
        store.instances().list(InstanceQuery.of(namespace), new Page(0, 1)).items().getFirst().id();
    Instance model = store.instances().load(first).orElseThrow();
    List<String> timers =
        store.waits().timers(Optional.empty(), Instant.MAX.minusSeconds(1), 100).stream()
            .filter(due -> due.timer().instance().equals(first))
            .map(due -> due.timer().name())
            .toList();
    List<ListenerRecord> listeners = store.waits().listeners(namespace, new Page(0, 10)).items();
    Instant due = Instant.now().plus(Duration.ofDays(365));
    List<Change> group = new ArrayList<>();
    for (int i = 1; i <= wanted; i++) {
      InstanceId id = new InstanceId(namespace, first.workflow(), letters(suffix++));
      group.add(new Change.CreateInstance(copy(model, id), Optional.empty()));
      timers.forEach(name -> group.add(new Change.PutTimer(new TimerId(id, name), due)));
      for (ListenerRecord listener : listeners) {
        group.add(new Change.PutListener(copy(listener, id, i)));
      }
      if (i % GROUP == 0 || i == wanted) {
        CompletableFuture<Void> done = store.commit(group);
        group.clear();
        done.join();
      }
    }
  }

  /// Six letters that no server drew: the ids of servers hold both cases.
  private static String letters(int number) {
    char[] letters = new char[6];
    for (int i = letters.length - 1; i >= 0; i--) {
      letters[i] = (char) ('a' + number % 26);
      number /= 26;
    }
    return new String(letters);
  }

  private static Instance copy(Instance model, InstanceId id) {
    return new Instance(
        id,
        model.workflow(),
        model.revision(),
        model.invoker(),
        model.input(),
        model.beganAt(),
        model.sequence(),
        model.stateId(),
        model.step(),
        model.flow(),
        model.data(),
        model.attempt(),
        model.enteredAt(),
        model.activity(),
        model.raised(),
        model.ending());
  }

  private static ListenerRecord copy(ListenerRecord model, InstanceId id, int key) {
    int step = ((ListenerRecord.Owner.OfInstance) model.owner()).listener().step();
    ListenerId listener = new ListenerId(id, step);
    return new ListenerRecord(
        listener.toString(),
        model.namespace(),
        new ListenerRecord.Owner.OfInstance(listener),
        0,
        model.createdAt(),
        List.of(new EventFilter("bench.go", Map.of("key", Json.of("k" + key)))),
        model.isAll(),
        model.lifespan(),
        model.correlate(),
        model.sets());
  }

  // ---- measuring ----

  private BenchServer restart() throws Exception {
    long start = System.nanoTime();
    CompletableFuture<Double> answer = CompletableFuture.supplyAsync(() -> firstAnswer(start));
    BenchServer server = start();
    double ready = millis(start);
    report.row("restart to first answer", Report.number(answer.join()) + " ms", "≤ 10,000 ms");
    report.row("restart to ready", Report.number(ready) + " ms", "≤ 10,000 ms");
    report.row(
        "resident memory, ready", Report.number(server.residentMiB()) + " MiB", "≤ 1,024 MiB");
    return server;
  }

  private double firstAnswer(long start) {
    while (true) {
      try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write("GET /healthz HTTP/1.0\r\n\r\n".getBytes());
        if (socket.getInputStream().read() >= 0) {
          return millis(start);
        }
      } catch (IOException _) {
        Thread.onSpinWait();
      }
    }
  }

  private static double millis(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private interface Work {
    void run(int i) throws Exception;
  }

  private void time(String what, String target, int times, Work work) throws Exception {
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      work.run(i);
      millis[i] = millis(start);
    }
    Sample sample = Sample.of(millis);
    report.row(
        what,
        "p50 "
            + Report.number(sample.median())
            + " ms, worst "
            + Report.number(sample.max())
            + " ms",
        target);
  }

  private void latencies(BenchServer server, String events) throws Exception {
    time("start to result", "", 200, _ -> startHello(server, "sleepers"));
    time(
        "a delay of 1 s, start to result",
        "1 s and little more",
        5,
        _ ->
            server.send(
                "POST",
                instances("sleepers") + "?workflow=napper&wait=true",
                "application/json",
                "{}"));
    time(events, "≤ 100 ms", 50, i -> wake(server, i + 1));
  }

  private static void startHello(BenchServer server, String namespace) throws Exception {
    server.send(
        "POST", instances(namespace) + "?workflow=hello&wait=true", "application/json", "{}");
  }

  private void wake(BenchServer server, int key) throws Exception {
    int listener = count / 10 * 8 + key - 1;
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"e%d\",\"source\":\"bench\",\"type\":\"bench.go\",\"key\":\"k%d\"}"
            .formatted(key, key);
    server.send(
        "POST", "/api/v2/namespaces/listeners/events", "application/cloudevents+json", event);
    String path = instances("listeners") + "/listener/" + letters(listener);
    while (server.send("GET", path, "text/plain", "").contains("\"pending\"")) {
      Thread.onSpinWait();
    }
  }

  private void listings(BenchServer server) throws Exception {
    String sleepers = instances("sleepers");
    for (String query :
        List.of(
            "limit=20",
            "limit=20&status=pending",
            "limit=20&status=failed",
            "limit=20&workflow=hello",
            "limit=20&workflow=sleeper&status=failed")) {
      time(
          "list of " + count / 10 * 8 + ", `" + query + "`",
          "≤ 1,000 ms",
          5,
          _ -> server.send("GET", sleepers + "?" + query, "text/plain", ""));
    }
    time(
        "list of listeners",
        "≤ 1,000 ms",
        5,
        _ ->
            server.send(
                "GET", "/api/v2/namespaces/listeners/events/listeners?limit=20", "text/plain", ""));
  }

  private void deletion(BenchServer server) throws Exception {
    long start = System.nanoTime();
    CompletableFuture<Double> deleted = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            server.send("DELETE", "/api/v2/namespaces/doomed", "text/plain", "");
            deleted.complete(millis(start));
          } catch (Exception e) {
            deleted.completeExceptionally(e);
          }
        });
    List<Double> beside = new ArrayList<>();
    while (!deleted.isDone()) {
      long began = System.nanoTime();
      startHello(server, "sleepers");
      beside.add(millis(began));
    }
    report.row(
        "deletion of a namespace with " + count / 10, Report.number(deleted.join()) + " ms", "");
    Sample sample = Sample.of(beside.stream().mapToDouble(Double::doubleValue).toArray());
    report.row(
        "start to result of others meanwhile",
        "p50 "
            + Report.number(sample.median())
            + " ms, worst "
            + Report.number(sample.max())
            + " ms",
        "≤ 1,000 ms");
  }
}
