package io.direktiv.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Status;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.store.Change;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.sql.SqlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes, what stays, and in which order.
class InstancePrunerTest {
  private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
  private static final long ENOUGH = 1L << 40;

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = SqlStore.open(folder, Runnable::run);
    NamespaceRecord demo = new NamespaceRecord("demo", Instant.EPOCH, new byte[0]);
    WorkflowRecord greet =
        new WorkflowRecord(
            "uid", "demo", "greet", 0, true, Instant.EPOCH, Instant.EPOCH, "", "", "id: greet");
    store
        .commit(List.of(new Change.CreateNamespace(demo), new Change.CreateWorkflow(greet)))
        .join();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void put(String suffix, Optional<Instant> endedAt, int bytes) {
    JsonObject data = JsonObject.of("text", Json.of("x".repeat(bytes)));
    Instance instance =
        new Instance(
            new InstanceId("demo", "greet", suffix),
            "uid",
            0,
            new Invoker.Api(),
            data,
            NOW.minus(Duration.ofDays(30)),
            1,
            "hello",
            1,
            List.of("hello"),
            data,
            0,
            NOW.minus(Duration.ofDays(30)),
            new Activity.Ready(),
            Optional.empty(),
            endedAt.map(at ->
                new Instance.Ending(Status.COMPLETE, at, Optional.of(data), Optional.empty())));
    store.commit(List.of(new Change.CreateInstance(instance, Optional.empty()))).join();
  }

  private void prune(Duration time, long bytesMax) throws InterruptedException {
    new InstancePruner(
            store,
            InstantSource.fixed(NOW),
            new InstancePruner.Retention(time, bytesMax),
            Duration.ofHours(1))
        .prune();
  }

  private List<String> left() {
    return store.instances().list(InstanceQuery.of("demo"), Page.ALL).items().stream()
        .map(summary -> summary.id().suffix())
        .sorted()
        .toList();
  }

  @Test
  void deletesWhatEndedLongAgoAndKeepsWhatRuns() throws InterruptedException {
    put("aaaaaa", Optional.of(NOW.minus(Duration.ofDays(8))), 10);
    put("bbbbbb", Optional.of(NOW.minus(Duration.ofDays(6))), 10);
    put("cccccc", Optional.empty(), 10);

    prune(Duration.ofDays(7), ENOUGH);

    assertThat(left()).containsExactly("bbbbbb", "cccccc");
  }

  @Test
  void deletesMoreThanOneBatch() throws InterruptedException {
    for (int i = 0; i < Limits.PRUNE_BATCH * 2 + 5; i++) {
      put("a%05d".formatted(i), Optional.of(NOW.minus(Duration.ofDays(8))), 10);
    }

    prune(Duration.ofDays(7), ENOUGH);

    assertThat(left()).isEmpty();
  }

  @Test
  void deletesTheOldestWhenTheStoreHoldsTooMuch() throws InterruptedException {
    for (int i = 0; i < Limits.PRUNE_BATCH * 3; i++) {
      put("a%05d".formatted(i), Optional.of(NOW.minusSeconds(10_000 - i)), 20_000);
    }
    put("zzzzzz", Optional.empty(), 20_000);
    long full = store.usedBytes();

    prune(Duration.ofDays(7), full / 2);

    assertThat(store.usedBytes()).isBetween(full / 8, full / 2);
    assertThat(left()).contains("a00299", "zzzzzz").doesNotContain("a00000", "a00099");
  }

  @Test
  void keepsWhatRunsHoweverMuchItIs() throws InterruptedException {
    put("aaaaaa", Optional.empty(), 100_000);

    prune(Duration.ofDays(7), 1);

    assertThat(left()).containsExactly("aaaaaa");
  }

  @Test
  void stopsWhileItRestsAndTwice() {
    InstancePruner pruner =
        new InstancePruner(
            store,
            InstantSource.fixed(NOW),
            new InstancePruner.Retention(Duration.ofDays(7), ENOUGH),
            Duration.ofHours(1));
    pruner.stop();
    pruner.start();

    pruner.stop();
    pruner.stop();
  }
}
