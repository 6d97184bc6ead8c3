package io.direktiv.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.TimerId;
import io.direktiv.store.Change;
import io.direktiv.store.Samples;
import io.direktiv.store.Waits;
import io.direktiv.store.memory.MemoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Timers ring when they are due, also when there are many, when times are equal, and when they are
/// armed just while others are read.
final class TimerWakerTest {
  private static final InstanceId ID = Samples.id("demo", "greet", "aaaaaa");

  private record Call(Instant due, long serial, Runnable task) {}

  /// A clock and its alarms, moved by hand.
  private static final class HandClock implements InstantSource, AlarmClock {
    private final PriorityQueue<Call> calls =
        new PriorityQueue<>(Comparator.comparing(Call::due).thenComparing(Call::serial));
    private Instant now = Samples.NOON;
    private long serial;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public void ringAt(Instant due, Runnable task) {
      calls.add(new Call(due, serial++, task));
    }

    void advance(Duration by) {
      Instant end = now.plus(by);
      while (!calls.isEmpty() && !calls.peek().due.isAfter(end)) {
        Call call = calls.poll();
        now = call.due.isAfter(now) ? call.due : now;
        call.task.run();
      }
      now = end;
    }
  }

  private final HandClock clock = new HandClock();
  private final MemoryStore store = new MemoryStore();
  private final List<String> rung = new ArrayList<>();
  private boolean isBusy;

  private TimerWaker waker(Waits waits) {
    return new TimerWaker(
        waits,
        clock,
        clock,
        Runnable::run,
        new TimerWaker.Target() {
          @Override
          public void wake(TimerId timer) {
            rung.add(timer.name());
            store.commit(List.of(new Change.DeleteTimer(timer)));
          }

          @Override
          public boolean isBusy() {
            return isBusy;
          }
        });
  }

  private static TimerId timer(String name) {
    return new TimerId(ID, name);
  }

  private void put(String name, Duration in) {
    store.commit(List.of(new Change.PutTimer(timer(name), clock.now.plus(in)))).join();
  }

  @Test
  void ringsTimersOfTheStoreInTheirOrder() {
    put("b", Duration.ofSeconds(20));
    put("a", Duration.ofSeconds(10));
    put("far", Duration.ofHours(3));
    waker(store.waits()).start();

    clock.advance(Duration.ofSeconds(9));
    assertThat(rung).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(rung).containsExactly("a", "b");
    clock.advance(Duration.ofHours(3));
    assertThat(rung).containsExactly("a", "b", "far");
  }

  @Test
  void ringsEachOfManyTimersOfOneTimeOnce() {
    int count = Limits.TIMERS_PER_READ + 500;
    List<Change> changes = new ArrayList<>();
    Instant due = clock.now.plusSeconds(5);
    for (int i = 0; i < count; i++) {
      changes.add(new Change.PutTimer(timer("t" + i), due));
    }
    store.commit(changes).join();
    waker(store.waits()).start();

    clock.advance(Duration.ofSeconds(6));

    assertThat(rung).hasSize(count);
    assertThat(Set.copyOf(rung)).hasSize(count);
  }

  @Test
  void ringsATimerThatIsArmedWhileOthersAreRead() {
    TimerWaker[] waker = new TimerWaker[1];
    Waits slow =
        (Waits)
            Proxy.newProxyInstance(
                Waits.class.getClassLoader(),
                new Class<?>[] {Waits.class},
                (_, method, arguments) -> {
                  Object found = method.invoke(store.waits(), arguments);
                  if (method.getName().equals("timers")) {
                    waker[0].arm(timer("late"), clock.now.plusSeconds(3));
                  }
                  return found;
                });
    waker[0] = waker(slow);
    waker[0].start();

    clock.advance(Duration.ofSeconds(4));

    assertThat(new HashSet<>(rung)).containsExactly("late");
  }

  @Test
  void readsNoMoreWhileTooManyWakesWait() {
    isBusy = true;
    put("a", Duration.ofSeconds(1));
    waker(store.waits()).start();
    clock.advance(Duration.ofSeconds(10));
    assertThat(rung).isEmpty();

    isBusy = false;
    clock.advance(Duration.ofSeconds(1));
    assertThat(rung).containsExactly("a");
  }

  @Test
  void doesNotRingWhatWasDisarmedOrSetLater() {
    TimerWaker waker = waker(store.waits());
    waker.start();
    waker.arm(timer("gone"), clock.now.plusSeconds(1));
    waker.arm(timer("moved"), clock.now.plusSeconds(2));
    waker.disarm(timer("gone"));
    waker.arm(timer("moved"), clock.now.plusSeconds(8));

    clock.advance(Duration.ofSeconds(5));
    assertThat(rung).isEmpty();
    clock.advance(Duration.ofSeconds(5));
    assertThat(rung).containsExactly("moved");
  }

  @Test
  void ringsInTimeAfterTheClockWasSetBack() {
    put("a", Duration.ofSeconds(10));
    waker(store.waits()).start();
    clock.now = clock.now.minusSeconds(60);

    clock.advance(Duration.ofSeconds(65));
    assertThat(rung).isEmpty();
    clock.advance(Duration.ofSeconds(6));
    assertThat(rung).containsExactly("a");
  }
}
