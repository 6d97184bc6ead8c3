package io.direktiv.crash;

import io.direktiv.functions.docker.PodmanEngine;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;

/// One crash run: starts the server, loads it, kills it at a random moment, and begins again; in
/// the end lets everything finish and checks it.
///
/// What was acknowledged must be there after each restart. A start whose answer was lost is asked
/// again with its `Idempotency-Key`, and an event with its id, so in the end the server must hold
/// exactly what was wanted: each start once, each child once, each retry as often as its author
/// said, each event's effect once. One start in four comes over gRPC.
public final class CrashRun {
  private static final int CLIENTS = 4;
  private static final Duration LOAD_MAX = Duration.ofSeconds(2);

  /// How long nothing may come to its end until it counts as stuck: many calls of functions may be
  /// left over from a busy machine.
  private static final Duration STILL_MAX = Duration.ofMinutes(2);

  /// A start that was asked for.
  private record Wanted(Workload kind, long n) {
    String key() {
      return kind + "-" + n;
    }

    boolean isByGrpc() {
      return n % 4 == 0;
    }
  }

  /// A start that was acknowledged.
  private record Known(Wanted wanted, String id) {}

  private final Path folder;
  private final Map<String, String> engine;
  private final Random random;
  private final PrintStream out;
  private final AtomicLong numbers = new AtomicLong();
  private final Queue<Wanted> unanswered = new ConcurrentLinkedQueue<>();
  private final Queue<Long> unsent = new ConcurrentLinkedQueue<>();
  private final Queue<Known> known = new ConcurrentLinkedQueue<>();
  private final Queue<String> uncancelled = new ConcurrentLinkedQueue<>();
  private final Queue<Known> uncalled = new ConcurrentLinkedQueue<>();
  private final Queue<Known> fresh = new ConcurrentLinkedQueue<>();
  private final List<String> problems = new ArrayList<>();

  /// A run with its data in `folder`.
  ///
  /// @param engine the variables with which servers find a container engine; empty for none
  public CrashRun(Path folder, Map<String, String> engine, long seed, PrintStream out) {
    this.folder = folder;
    this.engine = engine;
    this.random = new Random(seed);
    this.out = out;
  }

  /// A run with a container engine of its own where one can be started.
  public static List<String> run(int kills, Path folder, long seed, PrintStream out)
      throws IOException, InterruptedException {
    try (PodmanEngine engine = PodmanEngine.start()) {
      engine.load(Workload.IMAGE);
      List<String> problems = new ArrayList<>();
      problems.addAll(new CrashRun(folder, engine.environment(), seed, out).run(kills));
      if (!engine.awaitEmpty()) {
        problems.add("containers are left over: " + engine.containers());
      }
      return problems;
    } catch (TestAbortedException e) {
      out.println("without functions: " + e.getMessage());
      return new CrashRun(folder, Map.of(), seed, out).run(kills);
    }
  }

  /// Kills the server `kills` times and returns what was wrong in the end; empty when nothing was.
  public List<String> run(int kills) throws IOException, InterruptedException {
    prepare();
    for (int round = 1; round <= kills && problems.isEmpty(); round++) {
      round(round);
    }
    finish();
    return List.copyOf(problems);
  }

  private ShippedServer start() throws IOException {
    return ServerSpec.in(folder).withEnvironment(engine).start();
  }

  private void prepare() throws IOException, InterruptedException {
    try (ShippedServer server = start();
        Client client = new Client(server, "crash")) {
      client.createNamespace();
      for (String helper : Workload.HELPERS) {
        client.createWorkflow(helper);
      }
      for (Workload kind : Workload.values()) {
        client.createWorkflow(kind.source);
      }
    }
  }

  private void round(int number) throws IOException, InterruptedException {
    boolean isWhileStarting = random.nextInt(6) == 0;
    int millis = random.nextInt(isWhileStarting ? 1_000 : 100);
    int starts = random.nextInt(80);
    long seed = random.nextLong();
    try (ShippedServer server = start()) {
      if (isWhileStarting) {
        Thread.sleep(millis);
        server.kill();
        return;
      }
      try (Client client = new Client(server, "crash")) {
        checkFresh(client);
        load(client, server, new Moment(starts, millis), new Random(seed));
      }
    }
    if (number % 50 == 0) {
      out.println(number + " kills, " + known.size() + " starts acknowledged");
    }
  }

  /// When to kill: this long after that many starts were acknowledged, on slow machines earlier.
  private record Moment(int starts, int millis) {}

  /// Loads the server until it was killed.
  private void load(Client client, ShippedServer server, Moment moment, Random seeds)
      throws InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random own = new Random(seeds.nextLong());
      clients.add(Thread.ofVirtual().start(() -> work(client, own)));
    }
    Instant end = Instant.now().plus(LOAD_MAX);
    while (fresh.size() < moment.starts() && Instant.now().isBefore(end)) {
      Thread.sleep(1);
    }
    Thread.sleep(moment.millis());
    server.kill();
    client.close();
    for (Thread thread : clients) {
      thread.join();
    }
  }

  /// Starts and publishes until the server is gone.
  private void work(Client client, Random own) {
    try {
      while (true) {
        resend(client);
        Workload kind = Workload.draw(own, !engine.isEmpty());
        begin(client, new Wanted(kind, numbers.incrementAndGet()));
        Thread.sleep(own.nextInt(8));
      }
    } catch (IOException _) {
      // The server was killed.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      report(e.getMessage());
    }
  }

  /// Asks again for what got no answer.
  private void resend(Client client) throws IOException, InterruptedException {
    for (Wanted wanted = unanswered.poll(); wanted != null; wanted = unanswered.poll()) {
      begin(client, wanted);
    }
    for (String id = uncancelled.poll(); id != null; id = uncancelled.poll()) {
      cancel(client, id);
    }
    for (Long n = unsent.poll(); n != null; n = unsent.poll()) {
      publish(client, n);
    }
    callBack(client);
  }

  private void begin(Client client, Wanted wanted) throws IOException, InterruptedException {
    String id;
    try {
      JsonObject input = JsonObject.of("n", Json.of(wanted.n()));
      String workflow = wanted.kind().workflow();
      id =
          wanted.isByGrpc()
              ? client.startByGrpc(workflow, input, wanted.key())
              : client.start(workflow, input, wanted.key());
      fresh.add(new Known(wanted, id));
      known.add(new Known(wanted, id));
    } catch (IOException e) {
      unanswered.add(wanted);
      throw e;
    }
    if (wanted.kind() == Workload.CANCELLED) {
      cancel(client, id);
    }
    if (wanted.kind() == Workload.CALLBACK) {
      callBack(client, new Known(wanted, id));
    }
    if (wanted.kind().isForEvents()) {
      publish(client, wanted.n());
    }
  }

  private void cancel(Client client, String id) throws IOException, InterruptedException {
    try {
      client.cancel(id);
    } catch (IOException e) {
      uncancelled.add(id);
      throw e;
    }
  }

  private void publish(Client client, long n) throws IOException, InterruptedException {
    try {
      client.publish(Workload.event("go", n));
      client.publish(Workload.event("more", n));
    } catch (IOException e) {
      unsent.add(n);
      throw e;
    }
  }

  /// Calls the instances back that were waiting for it a moment ago.
  private void callBack(Client client) throws IOException, InterruptedException {
    int waiting = uncalled.size();
    for (int i = 0; i < waiting; i++) {
      Known start = uncalled.poll();
      if (start != null) {
        callBack(client, start);
      }
    }
  }

  /// Sends a callback, and remembers to send another as long as the instance waits.
  private void callBack(Client client, Known start) throws IOException, InterruptedException {
    try {
      String id = start.id() + "-" + numbers.incrementAndGet();
      client.publish(Workload.callBack(id, start.wanted().n()));
      if (client.status(start.id()).equals("pending")) {
        uncalled.add(start);
      }
    } catch (IOException e) {
      uncalled.add(start);
      throw e;
    }
  }

  private synchronized void report(String problem) {
    problems.add(problem);
  }

  /// What was acknowledged before the last kill must be there.
  private void checkFresh(Client client) throws IOException, InterruptedException {
    for (Known start = fresh.poll(); start != null; start = fresh.poll()) {
      try {
        client.status(start.id());
      } catch (IllegalStateException e) {
        report("an acknowledged start is lost: " + start + ": " + e.getMessage());
      }
    }
  }

  // ---- the end ----

  private void finish() throws IOException, InterruptedException {
    try (ShippedServer server = start();
        Client client = new Client(server, "crash")) {
      checkFresh(client);
      resend(client);
      awaitEnd(client);
      checkOutputs(client);
      checkCounts(client);
      checkEffects(client);
      int code = server.stop();
      if (code != 0) {
        report("the server stopped with exit code " + code);
      }
    }
    checkLog();
    out.println(
        known.size()
            + " starts, "
            + known.stream().filter(start -> start.wanted().isByGrpc()).count()
            + " over gRPC, "
            + started(Workload.CALLBACK)
            + " with a callback, "
            + problems.size()
            + " problems");
  }

  private long started(Workload kind) {
    return known.stream().filter(start -> start.wanted().kind() == kind).count();
  }

  /// Waits until nothing runs any more and every event was taken.
  private void awaitEnd(Client client) throws IOException, InterruptedException {
    long left = Long.MAX_VALUE;
    Instant giveUp = Instant.now().plus(STILL_MAX);
    while (Instant.now().isBefore(giveUp)) {
      callBack(client);
      long pending = client.count("pending");
      boolean isDone =
          pending == 0
              && client.instances("workflow=child").size() >= children()
              && client.instances("workflow=counter").size() >= started(Workload.EMIT);
      if (isDone) {
        return;
      }
      if (pending < left) {
        left = pending;
        giveUp = Instant.now().plus(STILL_MAX);
      }
      Thread.sleep(100);
    }
    List<String> stuck = client.instances("status=pending");
    report(stuck.size() + " instances are stuck: " + stuck.stream().limit(20).toList());
  }

  private void checkOutputs(Client client) throws InterruptedException {
    Queue<Known> left = new ConcurrentLinkedQueue<>(known);
    List<Thread> checkers = new ArrayList<>();
    for (int i = 0; i < 2 * CLIENTS; i++) {
      checkers.add(
          Thread.ofVirtual()
              .start(() -> {
                for (Known start = left.poll(); start != null; start = left.poll()) {
                  checkOutput(client, start);
                }
              }));
    }
    for (Thread checker : checkers) {
      checker.join();
    }
  }

  private void checkOutput(Client client, Known start) {
    try {
      Json expected = JsonObject.of("out", Json.of(start.wanted().kind().out(start.wanted().n())));
      String status = client.status(start.id());
      if (start.wanted().kind() == Workload.CANCELLED) {
        if (!status.equals("cancelled")) {
          report(start + " is " + status + ", but was cancelled");
        }
        return;
      }
      Json output = status.equals("complete") ? client.output(start.id()) : Json.NULL;
      if (!output.equals(expected)) {
        report(start + " is " + status + " with " + output + ", but " + expected + " was wanted");
      }
    } catch (IOException | IllegalStateException e) {
      report(start + ": " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Every workflow ran exactly as often as was wanted.
  private void checkCounts(Client client) throws IOException, InterruptedException {
    for (Workload kind : Workload.values()) {
      count(client, kind.workflow(), started(kind));
    }
    count(client, "child", children());
    count(client, "failing", 3 * started(Workload.RETRY));
    count(client, "counter", started(Workload.EMIT));
  }

  private long children() {
    return started(Workload.SUBFLOW)
        + 5 * started(Workload.FOREACH)
        + started(Workload.ASYNC)
        + started(Workload.CALLBACK)
        + started(Workload.RACE);
  }

  private void count(Client client, String workflow, long wanted)
      throws IOException, InterruptedException {
    int found = client.instances("workflow=" + workflow).size();
    if (found != wanted) {
      report(found + " instances of " + workflow + ", but " + wanted + " were wanted");
    }
  }

  /// Every generated event started exactly one instance.
  private void checkEffects(Client client) throws IOException, InterruptedException {
    List<Long> seen = new ArrayList<>();
    for (String id : client.instances("workflow=counter")) {
      seen.add(((JsonNumber) ((JsonObject) client.output(id)).get("n")).longValue());
    }
    Map<Long, Long> times =
        seen.stream().collect(Collectors.groupingBy(n -> n, Collectors.counting()));
    for (Known start : known) {
      if (start.wanted().kind() == Workload.EMIT) {
        long count = times.getOrDefault(start.wanted().n(), 0L);
        if (count != 1) {
          report("the event of " + start + " had its effect " + count + " times");
        }
      }
    }
  }

  private void checkLog() throws IOException {
    Files.readAllLines(folder.resolve("log")).stream()
        .filter(line -> line.contains(" ERROR "))
        .limit(5)
        .forEach(line -> report("the server's log says: " + line));
  }
}
