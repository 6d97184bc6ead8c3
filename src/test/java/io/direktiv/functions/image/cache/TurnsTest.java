package io.direktiv.functions.image.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// One at a time for each key, whoever comes and goes.
class TurnsTest {
  private static final int THREADS = 8;
  private static final int VISITS = 2_000;

  private final Turns<String> turns = new Turns<>();
  private final AtomicInteger inside = new AtomicInteger();

  private int visits() throws Exception {
    int most = 0;
    for (int i = 0; i < VISITS; i++) {
      most =
          Math.max(
              most,
              turns.<Integer, Exception>alone(
                  "key",
                  () -> {
                    int now = inside.incrementAndGet();
                    Thread.yield();
                    inside.decrementAndGet();
                    return now;
                  }));
    }
    return most;
  }

  @Test
  void neverLetsTwoInForOneKey() throws Exception {
    // given threads that leave while others wait and come
    Callable<Integer> visitor = this::visits;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      // when
      var most = threads.invokeAll(Collections.nCopies(THREADS, visitor));

      // then
      assertThat(most).extracting(Future::get).hasSize(THREADS).containsOnly(1);
    }
    assertThat(turns.isTaken("key")).isFalse();
  }

  @Test
  void letsOthersInForOtherKeys() throws Exception {
    // when
    int told =
        turns.<Integer, Exception>alone(
            "one",
            () -> {
              try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> other =
                    threads.submit(() -> turns.<Integer, Exception>alone("two", () -> 7));
                return other.get();
              }
            });

    // then
    assertThat(told).isEqualTo(7);
  }
}
