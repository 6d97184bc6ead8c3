package io.direktiv.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Instance;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.cache.JsonSize;
import io.direktiv.execution.cache.WeightedCache;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.store.Change;
import io.direktiv.store.Definitions;
import io.direktiv.store.Samples;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.memory.MemoryStore;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What execution keeps in memory is bounded, and never older than what is on disk.
final class CachesTest {
  private static WorkflowRecord workflow(int revision) {
    String source = "id: greet\ndescription: " + revision + "\nstates: [ { id: a, type: noop } ]\n";
    return new WorkflowRecord(
        "u", "demo", "greet", revision, true, Samples.NOON, Samples.NOON, "", "", source);
  }

  private static MemoryStore store() {
    MemoryStore store = new MemoryStore();
    store
        .commit(
            List.of(
                new Change.CreateNamespace(Samples.namespace("demo")),
                new Change.CreateWorkflow(workflow(0))))
        .join();
    return store;
  }

  @Test
  void forgetsTheCurrentDefinitionAfterAnUpdate() {
    MemoryStore store = store();
    DefinitionCache cache = new DefinitionCache(store.definitions());
    assertThat(cache.current("demo", "greet").orElseThrow().record().revision()).isZero();
    store.commit(List.of(new Change.UpdateWorkflow(workflow(1), 0))).join();

    cache.changed("u");

    assertThat(cache.current("demo", "greet").orElseThrow().record().revision()).isEqualTo(1);
  }

  @Test
  void doesNotKeepWhatWasReadWhileItChanged() {
    MemoryStore store = store();
    DefinitionCache[] cache = new DefinitionCache[1];
    Runnable[] meanwhile = {
      () -> {
        store.commit(List.of(new Change.UpdateWorkflow(workflow(1), 0))).join();
        cache[0].changed("u");
      }
    };
    Definitions slow =
        (Definitions)
            Proxy.newProxyInstance(
                Definitions.class.getClassLoader(),
                new Class<?>[] {Definitions.class},
                (_, method, arguments) -> {
                  Object found = method.invoke(store.definitions(), arguments);
                  meanwhile[0].run();
                  meanwhile[0] = () -> {};
                  return found;
                });
    cache[0] = new DefinitionCache(slow);

    assertThat(cache[0].current("demo", "greet").orElseThrow().record().revision()).isZero();
    assertThat(cache[0].current("demo", "greet").orElseThrow().record().revision()).isEqualTo(1);
  }

  @Test
  void dropsWhatWasNotUsedForTheLongestTime() {
    WeightedCache<String, String> cache = new WeightedCache<>(10);
    cache.put("a", "A", 4);
    cache.put("b", "B", 4);
    assertThat(cache.get("a")).contains("A");
    cache.put("c", "C", 4);
    cache.put("too large", "D", 11);

    assertThat(cache.get("b")).isEmpty();
    assertThat(cache.get("a")).contains("A");
    assertThat(cache.get("too large")).isEmpty();
    cache.removeIf(entry -> entry.getKey().equals("a"));
    cache.put("e", "E", 6);
    assertThat(cache.get("c")).contains("C");
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void estimatesLargeValuesWithoutWalkingAllOfThem() {
    Json text = Json.of("x".repeat(1_000));
    JsonArray wide = JsonArray.of(Collections.nCopies(1_000, text));
    assertThat(JsonSize.atLeast(JsonObject.of("k", text), 1_000_000)).isBetween(2_000L, 3_000L);
    assertThat(JsonSize.atLeast(wide, 10_000)).isBetween(10_001L, 20_000L);
    Json deep = Json.NULL;
    for (int i = 0; i < 100_000; i++) {
      deep = JsonArray.of(deep);
    }
    assertThat(JsonSize.atLeast(deep, Long.MAX_VALUE)).isGreaterThan(1_000_000);
  }

  @Test
  void forgetsThoseWhoGiveUpWaitingForAnEnd() {
    Ends ends = new Ends();
    var id = Samples.id("demo", "greet", "aaaaaa");
    CompletableFuture<Optional<Instance>> patient = ends.await(id);
    CompletableFuture<Optional<Instance>> impatient = ends.await(id);
    impatient.cancel(false);
    assertThat(ends.size()).isEqualTo(1);

    ends.ended(id, Optional.of(Samples.instance(id)));

    assertThat(patient.join()).contains(Samples.instance(id));
    assertThat(ends.size()).isZero();
    ends.await(id).cancel(false);
    assertThat(ends.size()).isZero();
  }
}
