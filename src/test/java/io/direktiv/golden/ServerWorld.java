package io.direktiv.golden;

import io.direktiv.api.Address;
import io.direktiv.api.Api;
import io.direktiv.api.ApiException;
import io.direktiv.api.AuthMode;
import io.direktiv.api.DirektivApi;
import io.direktiv.api.http.HttpDoor;
import io.direktiv.api.http.HttpSettings;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.logic.Engine;
import io.direktiv.execution.Collaborators;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.execution.LiveExecution;
import io.direktiv.execution.StartRequest;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Functions;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.VariableScope;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.EventRecord;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.sql.SqlStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A namespace of a running server whose clock and functions belong to the test.
class ServerWorld implements World {
  private static final Duration REST_MAX = Duration.ofSeconds(20);

  /// A server on a real store.
  static final class Server implements AutoCloseable {
    private final Path folder;
    private final SettableClock clock = new SettableClock();
    private final Map<String, Mocks> mocks = new ConcurrentHashMap<>();
    private final ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
    private final AesVault vault = new AesVault(MasterKey.random());
    private final EngineSettings settings;
    private final ExecutionSettings limits;
    private final Store store;
    private LiveExecution execution;
    private Api api;
    private HttpDoor door;
    private int namespaces;

    Server(EngineSettings settings, ExecutionSettings limits) {
      this.settings = settings;
      this.limits = limits;
      try {
        folder = Files.createTempDirectory("direktiv-golden");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      store = SqlStore.open(folder, notifier);
      start();
    }

    private void start() {
      execution =
          new LiveExecution(
              new Collaborators(
                  store,
                  new Engine(settings),
                  new MockedFunctions(mocks),
                  vault,
                  clock,
                  new Random(),
                  settings.queryLimits(),
                  limits));
      api = new DirektivApi(store, execution, vault, clock, UUID::randomUUID, AuthMode.OFF);
      execution.start();
    }

    /// Opens the HTTP door, once.
    private void open() {
      if (door == null) {
        door =
            new HttpDoor(
                api,
                new Address("127.0.0.1", 0),
                HttpSettings.of(AuthMode.OFF, "golden", () -> "functions of golden cases"));
        door.start();
      }
    }

    /// Stops everything but the store and the clock, and starts it again.
    void restart() {
      execution.stop();
      start();
    }

    int port() {
      open();
      return door.port();
    }

    @Override
    public void close() {
      if (door != null) {
        door.stop();
      }
      execution.stop();
      store.close();
      notifier.close();
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record MockedFunctions(Map<String, Mocks> mocks) implements Functions {
    @Override
    public Outcome call(FunctionCall call, Consumer<io.direktiv.engine.LogLine> log) {
      Mocks.Call made =
          mocks.get(call.namespace()).call(call.id(), call.function().id(), call.input());
      call.variables().leave(made.leaves());
      return made.answer().join();
    }

    @Override
    public void cancel(io.direktiv.engine.ActionId id) {
      mocks.computeIfPresent(
          id.instance().namespace(),
          (_, own) -> {
            own.cancel(id);
            return own;
          });
    }

    @Override
    public String describe() {
      return "functions answer what golden cases say";
    }
  }

  private final Server server;
  private final String namespace;
  private final Mocks mocks;

  /// A fresh namespace of `server`, at the beginning of time.
  ServerWorld(Server server, Mocks mocks) {
    this.server = server;
    this.namespace = "golden-" + ++server.namespaces;
    this.mocks = mocks;
    server.clock.reset();
    server.mocks.put(namespace, mocks);
    server.api.createNamespace(namespace);
  }

  Server server() {
    return server;
  }

  String namespace() {
    return namespace;
  }

  /// The id in a definition.
  static String id(String source) {
    return WorkflowReader.read(source).workflow().map(Workflow::id).orElse("");
  }

  // ---- what a case does ----

  @Override
  public String put(String source, String logToEvents) {
    String id = id(source);
    Optional<WorkflowRecord> present = server.store.definitions().workflow(namespace, id);
    if (present.isPresent()) {
      server.api.updateWorkflow(
          present.get().uid(),
          new Api.WorkflowUpdate(
              Optional.empty(), Optional.empty(), Optional.of(source), Optional.empty()));
      return id;
    }
    return server.api.createWorkflow(namespace, source, true, logToEvents).id();
  }

  @Override
  public void setActive(String workflow, boolean isActive) {
    server.api.updateWorkflow(
        server.api.workflow(namespace, workflow).uid(),
        new Api.WorkflowUpdate(
            Optional.empty(), Optional.of(isActive), Optional.empty(), Optional.empty()));
  }

  @Override
  public void putSecret(String name, String value) {
    server.api.putSecret(namespace, name, value.getBytes(StandardCharsets.UTF_8), false);
  }

  @Override
  public void putVariable(VariableScope scope, String workflow, String key, Json value) {
    server.api.putVariable(owner(scope, workflow), key, value.toBytes(), "application/json");
  }

  @Override
  public Optional<byte[]> variable(VariableScope scope, String workflow, String key) {
    return server
        .store
        .holdings()
        .variable(owner(scope, workflow), key)
        .map(io.direktiv.store.VariableRecord::value);
  }

  private VariableOwner owner(VariableScope scope, String workflow) {
    return scope == VariableScope.NAMESPACE
        ? new VariableOwner.OfNamespace(namespace)
        : new VariableOwner.OfWorkflow(namespace, server.api.workflow(namespace, workflow).uid());
  }

  @Override
  public InstanceId start(String workflow, Json input, boolean isManual) {
    try {
      InstanceId id =
          server
              .api
              .execute(new StartRequest(namespace, workflow, input, isManual, Optional.empty()))
              .id();
      rest();
      return id;
    } catch (ApiException e) {
      throw new Refused(e.getMessage());
    }
  }

  @Override
  public void advance(Duration duration) {
    server.clock.advance(duration);
    server.execution.clockMoved();
    rest();
  }

  @Override
  public void publish(CloudEvent event) {
    server.api.publish(namespace, event);
    rest();
  }

  @Override
  public boolean cancel(InstanceId id, String reason) {
    boolean isCancelled = server.api.cancel(id, reason);
    rest();
    return isCancelled;
  }

  @Override
  public void answer(Mocks.Call call, Outcome outcome) {
    call.answer().complete(outcome);
    rest();
  }

  // ---- rest ----

  /// Waits until nothing more happens by itself: twice in a row nothing is under way, and the same
  /// actions wait. (Once is not enough: a subflow may begin an action after the actions were read.)
  final void rest() {
    Instant end = Instant.now().plus(REST_MAX);
    Optional<List<ActionRecord>> before = Optional.empty();
    while (true) {
      Optional<List<ActionRecord>> now = waiting();
      if (now.isPresent() && now.equals(before)) {
        return;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "the server did not come to rest: "
                + server.store.waits().actions(Optional.empty(), 9));
      }
      before = now;
      LockSupport.parkNanos(200_000);
    }
  }

  /// The actions that wait for the case; empty while something is under way.
  private Optional<List<ActionRecord>> waiting() {
    List<ActionRecord> actions =
        server.store.waits().actions(Optional.empty(), Page.LIMIT_MAX).stream()
            .filter(action -> action.id().instance().namespace().equals(namespace))
            .toList();
    boolean isBusy = isOtherwiseBusy() || actions.stream().anyMatch(this::isBusy);
    return isBusy ? Optional.empty() : Optional.of(actions);
  }

  private boolean isOtherwiseBusy() {
    Instant now = server.clock.instant().plusMillis(1);
    return server.store.waits().timers(Optional.empty(), now, Page.LIMIT_MAX).stream()
            .anyMatch(timer -> timer.timer().instance().namespace().equals(namespace))
        || server.store.waits().undelivered(namespace, 1) > 0
        || server.store.instances().ready(Optional.empty(), Page.LIMIT_MAX).stream()
            .anyMatch(id -> id.namespace().equals(namespace));
  }

  private boolean isBusy(ActionRecord action) {
    return switch (action.kind()) {
      case CANCEL -> true;
      case FUNCTION -> !mocks.isWaiting(action.id());
      case SUBFLOW ->
          server
              .store
              .instances()
              .byStartKey(namespace, "action:" + action.id())
              .flatMap(server.store.instances()::load)
              .map(child -> child.ending().isPresent() || action.isAsync())
              .orElse(true);
    };
  }

  // ---- what a case sees ----

  @Override
  public Seen see(InstanceId id) {
    List<Instant> timers = new ArrayList<>();
    server
        .store
        .waits()
        .timers(Optional.empty(), Instant.parse("9000-01-01T00:00:00Z"), Page.LIMIT_MAX)
        .stream()
        .filter(timer -> timer.timer().instance().equals(id))
        .forEach(timer -> timers.add(timer.due()));
    return new Seen(
        server.api.instance(id),
        server.api.history(id, Page.ALL).items(),
        server.api.logs(id, Page.ALL).items(),
        timers);
  }

  @Override
  public List<InstanceId> instances(String workflow) {
    InstanceQuery query =
        new InstanceQuery(
            namespace,
            Optional.of(workflow),
            java.util.Set.of(),
            Optional.empty(),
            Optional.empty());
    return server.api.instances(query, Page.ALL).items().reversed().stream()
        .map(InstanceSummary::id)
        .toList();
  }

  @Override
  public List<JsonObject> events() {
    return server.api.events(namespace, Page.ALL).items().reversed().stream()
        .map(EventRecord::event)
        .map(CloudEvent::json)
        .toList();
  }

  @Override
  public void close() {
    server.api.deleteNamespace(namespace);
    server.mocks.remove(namespace);
  }
}
