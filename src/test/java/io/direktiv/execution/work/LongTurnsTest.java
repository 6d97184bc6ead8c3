package io.direktiv.execution.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whose turn it is to compute for long.
@Timeout(30)
class LongTurnsTest {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final LongTurns turns = new LongTurns(1, 0);
  private final BlockingQueue<String> seated = new LinkedBlockingQueue<>();

  /// A thread that paces once for each permit and says so.
  private final class Worker {
    final Semaphore steps = new Semaphore(0);
    final Thread thread;

    Worker(String namespace, String name, long nanosMax) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                LongTurns.Task task = turns.begin(namespace);
                try {
                  while (!Thread.currentThread().isInterrupted()) {
                    steps.acquire();
                    task.pace(nanosMax);
                    seated.add(name);
                  }
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                } finally {
                  task.end();
                }
              });
    }

    Worker step() {
      steps.release();
      return this;
    }

    /// Returns when the thread waits for a seat.
    Worker awaitWaiting() {
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      return this;
    }

    void end() throws InterruptedException {
      thread.interrupt();
      thread.join();
    }
  }

  private String next() throws InterruptedException {
    return seated.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void handsTheSeatToWhoWaitsWhenTheSliceIsUsed() throws InterruptedException {
    // given
    Worker first = new Worker("a", "first", FOR_EVER).step();
    assertThat(next()).isEqualTo("first");
    Worker second = new Worker("a", "second", FOR_EVER).step().awaitWaiting();
    // when
    first.step();
    // then
    assertThat(next()).isEqualTo("second");
    first.awaitWaiting();
    second.step();
    assertThat(next()).isEqualTo("first");
  }

  @Test
  void givesTheSeatOfAnEndedTaskToTheNext() throws InterruptedException {
    // given
    Worker first = new Worker("a", "first", FOR_EVER).step();
    assertThat(next()).isEqualTo("first");
    new Worker("a", "second", FOR_EVER).step().awaitWaiting();
    // when
    first.end();
    // then
    assertThat(next()).isEqualTo("second");
  }

  @Test
  void letsNamespacesTakeTurns() throws InterruptedException {
    // given
    Worker first = new Worker("busy", "first", FOR_EVER).step();
    assertThat(next()).isEqualTo("first");
    Worker second = new Worker("busy", "second", FOR_EVER).step().awaitWaiting();
    new Worker("busy", "third", FOR_EVER).step().awaitWaiting();
    new Worker("calm", "calm", FOR_EVER).step().awaitWaiting();
    // when
    first.end();
    // then
    assertThat(next()).isEqualTo("second");
    second.end();
    assertThat(next()).isEqualTo("calm");
  }

  @Test
  void waitsNoLongerThanItMay() throws InterruptedException {
    // given
    new Worker("a", "first", FOR_EVER).step();
    assertThat(next()).isEqualTo("first");
    // when
    new Worker("a", "late", TimeUnit.MILLISECONDS.toNanos(1)).step();
    // then
    assertThat(next()).isEqualTo("late");
  }

  @Test
  void stopsWaitingWhenInterrupted() throws InterruptedException {
    // given
    Worker first = new Worker("a", "first", FOR_EVER).step();
    assertThat(next()).isEqualTo("first");
    Worker second = new Worker("a", "second", FOR_EVER).step().awaitWaiting();
    // when
    second.end();
    // then
    assertThat(next()).isEqualTo("second");
    new Worker("a", "third", FOR_EVER).step().awaitWaiting();
    first.end();
    assertThat(next()).isEqualTo("third");
  }
}
