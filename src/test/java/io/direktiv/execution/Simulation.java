package io.direktiv.execution;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Visit;
import io.direktiv.engine.logic.Engine;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.InvalidWorkflowException;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.store.Change;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// One simulated life of a server with its crashes: starts workflows, publishes events, breaks
/// things for a while, lets everything come to rest and looks at what is on the disk.
///
/// All work of engine, store and execution is done by this thread in an order that the seed
/// decides, so the same seed gives the same life.
final class Simulation {
  /// What a life must come to, whatever happened in it: the end of each start, by its key.
  ///
  /// @param ends status, error code, visited states and output of each
  /// @param tasks how many tasks it took
  record Result(Map<String, String> ends, long tasks) {}

  /// What servers are made of, where a defect can be planted.
  ///
  /// @param store puts something between the server and its store
  record Parts(UnaryOperator<Store> store, Function<EngineSettings, Engine> engine) {
    static final Parts SOUND = new Parts(UnaryOperator.identity(), Engine::new);
  }

  /// Whether things break just now.
  static final class Faults {
    private boolean isOn;

    boolean happens(Random random, double chance) {
      return isOn && random.nextDouble() < chance;
    }
  }

  private static final String NAMESPACE = "sim";
  private static final Duration LIFE_MAX = Duration.ofHours(6);
  private static final int STARTS = 6;
  private static final EngineSettings SETTINGS =
      new EngineSettings(QueryLimits.DEFAULT, 1 << 20, 1 << 16, 3, 1_000_000, 32, 64);

  private final Random random;
  private final SimQueue queue;
  private final Faults faults = new Faults();
  private final boolean isCalm;
  private final Parts parts;
  private final Store disk = new MemoryStore();
  private final Map<String, String> workflows;
  private final Map<String, InstanceId> acknowledged = new TreeMap<>();
  private final Instant born;
  private SimStore store;
  private LiveExecution execution;
  private Instant latest;
  private Instant calmFrom;
  private int events;
  private long tasks;
  private boolean isAtRest;

  /// A life of `seed`.
  ///
  /// @param isCalm nothing ever breaks
  /// @param parts what its servers are made of
  Simulation(long seed, boolean isCalm, Parts parts) {
    this.random = new Random(seed);
    this.workflows = new SimWorkflows(random).draw();
    this.queue = new SimQueue(random);
    this.isCalm = isCalm;
    this.parts = parts;
    this.born = queue.instant();
    this.latest = born;
    this.calmFrom = born;
  }

  Result run() {
    fill();
    boot();
    for (int i = 0; i < STARTS; i++) {
      String key = "start" + i;
      String workflow = "main" + i % 3;
      long n = random.nextInt(1_000);
      queue.add(SimQueue.WORLD, queue.upTo(Duration.ofSeconds(60)), () -> start(key, workflow, n));
    }
    queue.add(SimQueue.WORLD, Duration.ofSeconds(1), this::publish);
    queue.add(SimQueue.WORLD, Duration.ofSeconds(5), this::look);
    if (!isCalm) {
      faults.isOn = true;
      int crashes = 1 + random.nextInt(6);
      for (int i = 0; i < crashes; i++) {
        queue.add(SimQueue.WORLD, queue.upTo(Duration.ofMinutes(4)), this::crash);
      }
      queue.add(SimQueue.WORLD, queue.upTo(Duration.ofMinutes(4)), this::jump);
      queue.add(SimQueue.WORLD, Duration.ofMinutes(5), this::calm);
    }
    while (!isAtRest) {
      queue.next();
      tasks++;
      latest = latest.isBefore(queue.instant()) ? queue.instant() : latest;
    }
    check();
    return result();
  }

  private static Workflow definition(String source) {
    try {
      return WorkflowReader.read(source).orThrow();
    } catch (InvalidWorkflowException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fill() {
    Instant now = queue.instant();
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.CreateNamespace(new NamespaceRecord(NAMESPACE, now, new byte[] {1})));
    workflows.forEach((id, source) -> {
      WorkflowRecord record =
          new WorkflowRecord("u-" + id, NAMESPACE, id, 0, true, now, now, "", "", source);
      changes.add(new Change.CreateWorkflow(record));
      changes.add(WorkflowListeners.change(record, definition(source), now));
    });
    disk.commit(changes).join();
  }

  private void boot() {
    int server = queue.nextServer();
    store = new SimStore(disk, queue, random, faults, server);
    execution =
        new LiveExecution(
            new Collaborators(
                parts.store().apply(store),
                parts.engine().apply(SETTINGS),
                new SimFunctions(queue),
                new AesVault(MasterKey.random()),
                queue,
                random,
                QueryLimits.DEFAULT,
                ExecutionSettings.DEFAULT),
            new SimWorkers(queue, random, faults, server));
    execution.start();
  }

  private static void attempt(Runnable task) {
    try {
      task.run();
    } catch (io.direktiv.store.StoreException _) {
      // The caller of a door would be told; here it tries again later.
    }
  }

  private void crash() {
    store.crash();
    queue.nextServer();
    queue.sleep(queue.upTo(Duration.ofSeconds(20)));
    boot();
  }

  private void calm() {
    faults.isOn = false;
    calmFrom = queue.instant();
  }

  private void jump() {
    if (random.nextBoolean()) {
      queue.sleep(queue.upTo(Duration.ofHours(2)));
    } else {
      queue.setBack(queue.upTo(Duration.ofSeconds(30)));
    }
  }

  // ---- what clients do ----

  /// Starts a workflow and asks again with the same key until somebody acknowledges it.
  private void start(String key, String workflow, long n) {
    if (acknowledged.containsKey(key)) {
      return;
    }
    byte[] hash = key.getBytes(StandardCharsets.UTF_8);
    StartRequest request =
        new StartRequest(
            NAMESPACE,
            workflow,
            JsonObject.of("n", Json.of(n)),
            false,
            Optional.of(new StartRequest.Idempotency(key, hash)));
    attempt(() -> execution.start(request).thenAccept(started -> acknowledge(key, started.id())));
    queue.add(SimQueue.WORLD, Duration.ofSeconds(15), () -> start(key, workflow, n));
  }

  private void acknowledge(String key, InstanceId id) {
    InstanceId before = acknowledged.put(key, id);
    if (before != null && !before.equals(id)) {
      throw new AssertionError(key + " was acknowledged as " + before + " and as " + id);
    }
  }

  private void publish() {
    int number = events++;
    JsonObject event =
        JsonObject.builder()
            .put("specversion", "1.0")
            .put("id", "go" + number)
            .put("source", "sim")
            .put("type", "go-" + number % 2)
            .put("data", JsonObject.of("v", Json.of(5L)))
            .build();
    attempt(() -> execution.publish(NAMESPACE, new CloudEvent(event)));
    queue.add(SimQueue.WORLD, Duration.ofSeconds(20), this::publish);
  }

  // ---- what must hold ----

  private List<Instance> instances() {
    return disk.instances().list(InstanceQuery.of(NAMESPACE), Page.ALL).items().stream()
        .map(InstanceSummary::id)
        .map(id -> disk.instances().load(id).orElseThrow())
        .toList();
  }

  private void look() {
    isAtRest =
        !faults.isOn
            && acknowledged.size() == STARTS
            && instances().stream().allMatch(instance -> instance.ending().isPresent())
            && ticks().anyMatch(tick -> tick.beganAt().isAfter(calmFrom))
            && disk.waits().actions(Optional.empty(), 1).isEmpty()
            && disk.waits().undelivered(NAMESPACE, 0, 1_000).stream()
                .noneMatch(event -> event.event().type().equals("side"));
    if (!isAtRest && queue.instant().isAfter(born.plus(LIFE_MAX))) {
      throw new AssertionError("stuck: " + stuck());
    }
    queue.add(SimQueue.WORLD, Duration.ofSeconds(5), this::look);
  }

  /// What the cron started.
  private Stream<Instance> ticks() {
    return instances().stream().filter(instance -> instance.id().workflow().equals("tick"));
  }

  private String stuck() {
    List<String> waiting = new ArrayList<>();
    instances().stream()
        .filter(instance -> instance.ending().isEmpty())
        .forEach(instance ->
            waiting.add(instance.id() + " in " + instance.stateId() + ", " + instance.activity()));
    disk.waits().actions(Optional.empty(), 10).forEach(action -> waiting.add(action.toString()));
    return "acknowledged " + acknowledged.size() + " of " + STARTS + ", waiting " + waiting;
  }

  private void check() {
    Set<ActionId> callers = new HashSet<>();
    int generated = 0;
    int sinks = 0;
    for (Instance instance : instances()) {
      if (instance.invoker() instanceof Invoker.Subflow subflow && !callers.add(subflow.caller())) {
        throw new AssertionError("action " + subflow.caller() + " started two instances");
      }
      List<Visit> visits = disk.instances().history(instance.id(), Page.ALL).items();
      checkOrder(instance.id(), visits);
      generated +=
          (int)
              visits.stream()
                  .filter(visit -> visit.type().equalsIgnoreCase("generateEvent"))
                  .filter(visit -> visit.result() == Visit.Result.PASSED)
                  .count();
      sinks += instance.id().workflow().equals("sink") ? 1 : 0;
    }
    // A time that passes while no server runs is left out; none starts twice.
    long due = latest.getEpochSecond() / 60 - born.minusNanos(1).getEpochSecond() / 60;
    if (ticks().count() > due) {
      throw new AssertionError(ticks().count() + " cron starts where " + due + " were due");
    }
    if (generated != sinks) {
      throw new AssertionError(generated + " events were generated, but they started " + sinks);
    }
  }

  /// Every step was passed once; only one that was to be tried again may also end its instance.
  private static void checkOrder(InstanceId id, List<Visit> visits) {
    for (int i = 0; i < visits.size(); i++) {
      int expected = i == 0 ? 1 : visits.get(i - 1).step() + 1;
      boolean isEndOfRetry =
          i > 0
              && visits.get(i - 1).result() == Visit.Result.RETRIED
              && visits.get(i).result() == Visit.Result.CANCELLED
              && visits.get(i).step() == expected - 1;
      if (visits.get(i).step() != expected && !isEndOfRetry) {
        throw new AssertionError("history of " + id + " is not in order: " + visits);
      }
    }
  }

  private Result result() {
    Map<String, String> ends = new TreeMap<>();
    acknowledged.forEach((key, id) -> {
      Instance instance =
          disk.instances()
              .load(id)
              .orElseThrow(() -> new AssertionError("acknowledged " + id + " is lost"));
      Instance.Ending ending = instance.ending().orElseThrow();
      ends.put(
          key,
          instance.id().workflow()
              + " "
              + ending.status()
              + " "
              + ending.error().map(error -> error.code() + ": " + error.message()).orElse("")
              + " "
              + instance.flow()
              + " "
              + ending.output().map(Json::toString).orElse(""));
    });
    return new Result(ends, tasks);
  }
}
