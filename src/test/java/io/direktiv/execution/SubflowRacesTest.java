package io.direktiv.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Status;
import io.direktiv.engine.logic.Engine;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.JsonObject;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.store.Change;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Races between callers, their subflows, and those who cancel or delete them, in many orders.
final class SubflowRacesTest {
  private static final String NAMESPACE = "demo";
  private static final int ORDERS = 200;
  private static final String PARENT =
      """
      id: parent
      states:
      - id: call
        type: foreach
        array: '[range(3)]'
        action: { workflow: child, input: '{}' }
      """;
  private static final String CHILD =
      """
      id: child
      states:
      - { id: wait, type: consumeEvent, event: { type: never } }
      """;

  /// A calm server whose tasks run in an order that a seed decides.
  private static final class World {
    final Random random;
    final SimQueue queue;
    final MemoryStore disk = new MemoryStore();
    final LiveExecution execution;

    World(long seed) {
      random = new Random(seed);
      queue = new SimQueue(random);
      int server = queue.nextServer();
      Simulation.Faults calm = new Simulation.Faults();
      Instant now = queue.instant();
      disk.commit(
              List.of(
                  new Change.CreateNamespace(new NamespaceRecord(NAMESPACE, now, new byte[] {1})),
                  workflow("parent", PARENT, now),
                  workflow("child", CHILD, now)))
          .join();
      execution =
          new LiveExecution(
              new Collaborators(
                  new SimStore(disk, queue, random, calm, server),
                  new Engine(EngineSettings.DEFAULT),
                  new SimFunctions(queue),
                  new AesVault(MasterKey.random()),
                  queue,
                  random,
                  QueryLimits.DEFAULT,
                  ExecutionSettings.DEFAULT),
              new SimWorkers(queue, random, calm, server));
      execution.start();
    }

    private static Change workflow(String id, String source, Instant now) {
      return new Change.CreateWorkflow(
          new WorkflowRecord("u-" + id, NAMESPACE, id, 0, true, now, now, "", "", source));
    }

    InstanceId start() {
      CompletableFuture<Started> started =
          execution.start(
              new StartRequest(NAMESPACE, "parent", JsonObject.EMPTY, false, Optional.empty()));
      while (!started.isDone()) {
        queue.next();
      }
      return started.join().id();
    }

    void run(Duration time) {
      Instant end = queue.instant().plus(time);
      while (queue.instant().isBefore(end)) {
        queue.next();
      }
    }

    List<InstanceSummary> pending() {
      return disk.instances().list(InstanceQuery.of(NAMESPACE), Page.ALL).items().stream()
          .filter(summary -> summary.status() == Status.PENDING)
          .toList();
    }
  }

  @Test
  void leavesNoChildRunningWhenItsCallerIsCancelledAtAnyMoment() {
    for (long seed = 0; seed < ORDERS; seed++) {
      World world = new World(seed);
      InstanceId parent = world.start();
      world.run(world.queue.upTo(Duration.ofMillis(150)));

      CompletableFuture<Boolean> cancelled = world.execution.cancel(parent, "enough");
      world.run(Duration.ofMinutes(5));

      assertThat(cancelled.join()).isTrue();
      assertThat(world.pending()).as("seed %d", seed).isEmpty();
      assertThat(world.disk.waits().actions(Optional.empty(), 9)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void tellsACallerWhenTheWorkflowOfItsChildrenIsDeletedAtAnyMoment() {
    for (long seed = 0; seed < ORDERS; seed++) {
      World world = new World(seed);
      InstanceId parent = world.start();
      world.run(world.queue.upTo(Duration.ofMillis(150)));

      world.disk.commit(List.of(new Change.DeleteWorkflow("u-child"))).join();
      world.execution.workflowChanged("u-child");
      world.execution.forget(NAMESPACE, Optional.of("u-child"));
      world.run(Duration.ofMinutes(5));

      Instance ended = world.disk.instances().load(parent).orElseThrow();
      assertThat(ended.status()).as("seed %d", seed).isEqualTo(Status.FAILED);
      assertThat(ended.ending().orElseThrow().error().orElseThrow().code())
          .isEqualTo("direktiv.subflow.notExist");
      assertThat(world.pending()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void leavesNothingOfANamespaceThatIsDeletedAtAnyMoment() {
    for (long seed = 0; seed < ORDERS; seed++) {
      World world = new World(seed);
      InstanceId parent = world.start();
      CompletableFuture<Optional<Instance>> end = world.execution.awaitEnd(parent);
      world.run(world.queue.upTo(Duration.ofMillis(150)));

      world.disk.commit(List.of(new Change.DeleteNamespace(NAMESPACE))).join();
      world.execution.forget(NAMESPACE, Optional.empty());
      world.run(Duration.ofMinutes(5));

      assertThat(end).as("seed %d", seed).isCompletedWithValue(Optional.empty());
      assertThat(world.disk.instances().list(InstanceQuery.of(NAMESPACE), Page.ALL).total())
          .isZero();
      assertThat(world.disk.waits().actions(Optional.empty(), 9)).as("seed %d", seed).isEmpty();
    }
  }
}
