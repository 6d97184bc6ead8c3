package io.direktiv.execution.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// How starts of subflows take turns.
class SubflowTurnsTest {
  private final Map<String, CompletableFuture<String>> started = new LinkedHashMap<>();

  private Optional<CompletableFuture<String>> take(
      SubflowTurns turns, String namespace, String name) {
    return turns.take(
        namespace, () -> started.computeIfAbsent(name, _ -> new CompletableFuture<>()));
  }

  @Test
  void startsSoManyAtOnceAndTheNextWhenOneIsDone() {
    // given
    SubflowTurns turns = new SubflowTurns(2, 10);
    CompletableFuture<String> first = take(turns, "a", "a1").orElseThrow();
    take(turns, "a", "a2");
    take(turns, "a", "a3");
    assertThat(started.keySet()).containsExactly("a1", "a2");

    // when
    started.get("a1").complete("done");

    // then
    assertThat(started.keySet()).containsExactly("a1", "a2", "a3");
    assertThat(first).isCompletedWithValue("done");
  }

  @Test
  void letsNamespacesTakeTurns() {
    // given
    SubflowTurns turns = new SubflowTurns(1, 10);
    for (String name : List.of("a1", "a2", "a3", "a4", "b1", "b2")) {
      take(turns, name.substring(0, 1), name);
    }

    // when
    for (int i = 0; i < 6; i++) {
      new ArrayList<>(started.values()).getLast().complete("done");
    }

    // then
    assertThat(started.keySet()).containsExactly("a1", "a2", "b1", "a3", "b2", "a4");
  }

  @Test
  void refusesWhatDoesNotFitIntoTheLineOfItsNamespace() {
    SubflowTurns turns = new SubflowTurns(1, 2);

    take(turns, "a", "a1");

    assertThat(take(turns, "a", "a2")).isPresent();
    assertThat(take(turns, "a", "a3")).isPresent();
    assertThat(take(turns, "a", "a4")).isEmpty();
    assertThat(take(turns, "b", "b1")).isPresent();
    started.get("a1").complete("done");
    assertThat(take(turns, "a", "a4")).isPresent();
  }

  @Test
  void goesOnAfterStartsThatFailAtOnceHoweverManyTheyAre() {
    // given
    SubflowTurns turns = new SubflowTurns(1, 200_000);
    take(turns, "a", "a1");
    List<CompletableFuture<String>> failing = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      failing.add(
          turns
              .<String>take(
                  "a",
                  () -> {
                    throw new IllegalStateException("no");
                  })
              .orElseThrow());
    }

    // when
    started.get("a1").complete("done");

    // then
    assertThat(failing).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(take(turns, "a", "a2")).isPresent();
    assertThat(started).containsKey("a2");
  }
}
