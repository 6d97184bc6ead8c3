package io.direktiv.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.logic.Engine;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.WorkflowReader;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.store.Change;
import io.direktiv.store.EventRecord;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// How namespaces share the delivery of events.
final class EventDeliveryTest {
  private static final int STORM = 1_200;
  private static final String TICKED =
      """
      id: ticked
      start: { type: event, event: { type: tick } }
      states:
      - { id: a, type: noop }
      """;

  /// A calm server with two namespaces, each with a workflow that starts with an event.
  private static final class World {
    final SimQueue queue;
    final MemoryStore disk = new MemoryStore();
    final LiveExecution execution;

    World(int waitingEventsMax) throws Exception {
      Random random = new Random(1);
      queue = new SimQueue(random);
      int server = queue.nextServer();
      Simulation.Faults calm = new Simulation.Faults();
      for (String namespace : List.of("noisy", "calm")) {
        disk.commit(furniture(namespace, queue.instant())).join();
      }
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
                  new ExecutionSettings(waitingEventsMax, 10)),
              new SimWorkers(queue, random, calm, server));
    }

    private static List<Change> furniture(String namespace, Instant now) throws Exception {
      WorkflowRecord workflow =
          new WorkflowRecord(
              "u-" + namespace, namespace, "ticked", 0, true, now, now, "", "", TICKED);
      return List.of(
          new Change.CreateNamespace(new NamespaceRecord(namespace, now, new byte[] {1})),
          new Change.CreateWorkflow(workflow),
          WorkflowListeners.change(workflow, WorkflowReader.read(TICKED).orThrow(), now));
    }

    void accept(String namespace, int count) {
      List<Change> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        events.add(
            new Change.PutEvent(
                new EventRecord(namespace, 0, queue.instant(), event("e" + i), false, List.of())));
      }
      disk.commit(events).join();
    }

    CompletableFuture<Boolean> publish(String namespace, String id) {
      return execution.publish(namespace, event(id));
    }

    static CloudEvent event(String id) {
      return new CloudEvent(
          JsonObject.builder()
              .put("specversion", "1.0")
              .put("id", id)
              .put("source", "test")
              .put("type", "tick")
              .build());
    }

    int undelivered(String namespace) {
      return disk.waits().undelivered(namespace, STORM);
    }
  }

  @Test
  void deliversAnEventSoonThoughAnotherNamespaceHasAStorm() throws Exception {
    World world = new World(STORM * 2);
    world.accept("noisy", STORM);
    world.execution.start();

    CompletableFuture<Boolean> published = world.publish("calm", "one");
    while (!published.isDone() || world.undelivered("calm") > 0) {
      world.queue.next();
    }

    assertThat(world.undelivered("noisy"))
        .isGreaterThan(STORM - 3 * Limits.DELIVERIES_PER_NAMESPACE);
    while (world.undelivered("noisy") > 0) {
      world.queue.next();
    }
    assertThat(world.disk.waits().event("noisy", "test", "e" + (STORM - 1)).orElseThrow().caused())
        .hasSize(1);
  }

  @Test
  void takesABatchInOneCommitAndCountsWhatIsNew() throws Exception {
    World world = new World(10);
    world.accept("calm", 1);
    world.execution.start();
    long before = world.disk.statistics().commits();

    CompletableFuture<Integer> taken =
        world.execution.publish(
            "calm",
            List.of(World.event("a"), World.event("e0"), World.event("b"), World.event("a")));
    while (world.undelivered("calm") < 3) {
      world.queue.next();
    }
    long commits = world.disk.statistics().commits() - before;
    while (!taken.isDone()) {
      world.queue.next();
    }

    assertThat(taken).isCompletedWithValue(2);
    assertThat(commits).isLessThanOrEqualTo(2);
  }

  @Test
  void refusesEventsOfAFullNamespaceAndNotThoseOfAnother() throws Exception {
    World world = new World(3);
    world.accept("noisy", 3);
    world.execution.start();

    CompletableFuture<Boolean> refused = world.publish("noisy", "e0");
    while (!refused.isCompletedExceptionally()) {
      world.queue.next();
      refused = world.publish("noisy", "e0");
    }
    CompletableFuture<Boolean> other = world.publish("calm", "one");
    Instant end = world.queue.instant().plus(Duration.ofMinutes(2));
    while (world.queue.instant().isBefore(end)) {
      world.queue.next();
    }
    CompletableFuture<Boolean> later = world.publish("noisy", "later");
    while (!later.isDone()) {
      world.queue.next();
    }

    assertThat(refused.exceptionNow())
        .isInstanceOf(OverloadException.class)
        .hasMessage(
            "more than 3 events of the namespace 'noisy' wait to be delivered; try again later");
    assertThat(other).isCompletedWithValue(true);
    assertThat(later).isCompletedWithValue(true);
    assertThat(world.undelivered("calm")).isZero();
  }
}
