package io.direktiv.functions.docker;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.ImageFacts;
import io.direktiv.functions.Runtime;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sandboxes as containers of a Docker or Podman engine.
public final class DockerRuntime implements Runtime {
  private static final Logger LOG = LoggerFactory.getLogger(DockerRuntime.class);

  private final EngineFinder finder;
  private final Owner owner;
  private final Duration grace;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Images images = new Images(threads);
  private final Map<String, ContainerRun> runs = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> looks = new ConcurrentHashMap<>();
  private final ReentrantLock sweeping = new ReentrantLock();
  private final Set<String> swept = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  /// A runtime on the engine that `environment` names or that listens at a usual socket.
  ///
  /// @param owner names this server across restarts, so that what it left behind is known again;
  ///   empty for a process that leaves no data
  public DockerRuntime(Map<String, String> environment, String owner) {
    this(environment, owner, Limits.GRACE);
  }

  /// The same with another time between asking a container to end and killing it.
  DockerRuntime(Map<String, String> environment, String owner, Duration grace) {
    this.finder = new EngineFinder(environment);
    this.owner = Owner.ofThisProcess(owner);
    this.grace = grace;
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Optional<String> missing() {
    return switch (finder.find()) {
      case EngineFinder.Found.Engine _ -> Optional.empty();
      case EngineFinder.Found.Nothing(String reason) -> Optional.of(reason);
    };
  }

  @Override
  public ImageFacts image(Sandbox sandbox, Consumer<OutputLine> output) throws SandboxException {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    looks.put(sandbox.id(), stopped);
    try {
      return onEngine(engine -> {
        images.provide(engine, sandbox, output, stopped);
        return images.facts(engine, sandbox.image());
      });
    } finally {
      looks.remove(sandbox.id());
    }
  }

  @Override
  public SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException {
    return onEngine(engine -> run(engine, sandbox, attendant));
  }

  private SandboxEnd run(EngineClient engine, Sandbox sandbox, Attendant attendant)
      throws SandboxException, IOException {
    ContainerRun run = new ContainerRun(engine, sandbox, attendant, owner, grace, threads);
    if (runs.putIfAbsent(sandbox.id(), run) != null) {
      throw new IllegalStateException("sandbox " + sandbox.id() + " runs already");
    }
    try {
      if (isClosed) {
        run.stop();
      }
      sweep(engine);
      images.provide(engine, sandbox, attendant::line, run.stopped());
      return run.perform();
    } finally {
      runs.remove(sandbox.id());
    }
  }

  /// What is asked of an engine.
  private interface Task<T> {
    T of(EngineClient engine) throws SandboxException, IOException;
  }

  private <T> T onEngine(Task<T> task) throws SandboxException {
    EngineClient engine =
        switch (finder.find()) {
          case EngineFinder.Found.Engine(EngineClient client) -> client;
          case EngineFinder.Found.Nothing(String reason) ->
              throw new SandboxException(Codes.FUNCTION_UNAVAILABLE, reason);
        };
    try {
      return task.of(engine);
    } catch (EngineException e) {
      throw new SandboxException(
          Codes.FUNCTION_UNAVAILABLE,
          "the container engine at " + engine.address().text() + " refused: " + e.getMessage());
    } catch (IOException e) {
      swept.remove(engine.address().text());
      throw new SandboxException(
          Codes.FUNCTION_UNAVAILABLE,
          "the container engine at "
              + engine.address().text()
              + " stopped answering ("
              + e.getMessage()
              + "); whatever still runs there is removed when it answers again");
    }
  }

  @Override
  public void stop(String sandboxId) {
    ContainerRun run = runs.get(sandboxId);
    if (run != null) {
      run.stop();
    }
    endLook(sandboxId);
  }

  private void endLook(String sandboxId) {
    CompletableFuture<Void> look = looks.get(sandboxId);
    if (look != null) {
      look.complete(null);
    }
  }

  @Override
  public void kill(String sandboxId) {
    ContainerRun run = runs.get(sandboxId);
    if (run != null) {
      run.kill();
    }
    endLook(sandboxId);
  }

  /// Removes what the dead left, once for each engine and again after it was lost. Others wait, so
  /// that a call that is repeated after a crash does not run beside what the crash left running.
  private void sweep(EngineClient engine) throws IOException {
    if (swept.contains(engine.address().text())) {
      return;
    }
    sweeping.lock();
    try {
      if (!swept.contains(engine.address().text())) {
        removeLeftovers(engine);
        swept.add(engine.address().text());
      }
    } finally {
      sweeping.unlock();
    }
  }

  private void removeLeftovers(EngineClient engine) throws IOException {
    String filters = JsonObject.of("label", JsonArray.of(Json.of(Owner.SANDBOX_LABEL))).toString();
    Json containers =
        engine.getAny("/containers/json?all=1&filters=" + EngineClient.encode(filters));
    if (!(containers instanceof JsonArray list)) {
      return;
    }
    for (Json each : list) {
      if (each instanceof JsonObject container && isLeftover(container)) {
        String id = ContainerRun.text(container, "Id");
        ContainerRun.remove(engine, id);
        LOG.atInfo().addKeyValue("container", id).log("leftover container removed");
      }
    }
  }

  private boolean isLeftover(JsonObject container) {
    if (!(container.get("Labels") instanceof JsonObject labels)) {
      return false;
    }
    boolean isLost =
        owner.isMine(labels)
            && labels.get(Owner.SANDBOX_LABEL) instanceof JsonString(String id)
            && !runs.containsKey(id);
    return isLost || owner.isOfTheDead(labels);
  }

  @Override
  public void close() {
    isClosed = true;
    runs.values().forEach(ContainerRun::kill);
    looks.values().forEach(look -> look.complete(null));
    threads.shutdown();
    try {
      if (!isIdleWithin(Limits.CLOSE_TIME)) {
        LOG.warn("containers could not be removed in time; the next start does");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for the runs, each of which removes its container before it ends, and for removals that
  /// are under way.
  private boolean isIdleWithin(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (!runs.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(Limits.CLOSE_LOOK);
    }
    long left = Math.max(0, deadline - System.nanoTime());
    return threads.awaitTermination(left, TimeUnit.NANOSECONDS) && runs.isEmpty();
  }
}
