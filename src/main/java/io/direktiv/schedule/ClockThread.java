package io.direktiv.schedule;

import io.direktiv.telemetry.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An alarm clock with one thread of its own.
///
/// While something is set it looks at the clock at least once a second, because clocks are set and
/// machines sleep: a wait that was computed once would come too late.
public final class ClockThread implements AlarmClock, Service {
  private static final Logger LOG = LoggerFactory.getLogger(ClockThread.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Entry(Instant due, long serial, Runnable task) {}

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::serial));
  private long serial;
  private Thread thread;

  /// A thread that has not started and rings by `clock`.
  public ClockThread(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("clock").daemon().start(this::run);
  }

  @Override
  public void stop() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      running.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  @Override
  public void ringAt(Instant due, Runnable task) {
    lock.lock();
    try {
      Entry entry = new Entry(due, serial++, task);
      entries.add(entry);
      if (entries.peek() == entry) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Looks at the clock again; only a clock that can be set needs this.
  public void clockMoved() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        Runnable task = next().task;
        try {
          task.run();
        } catch (RuntimeException e) {
          LOG.error("what was to happen at a time has failed", e);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the earliest entry is due and takes it.
  private Entry next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Entry first = entries.peek();
        if (first == null) {
          changed.await();
          continue;
        }
        Duration wait = Duration.between(clock.instant(), first.due);
        if (!wait.isPositive()) {
          return entries.poll();
        }
        boolean isLong = wait.compareTo(Duration.ofNanos(LOOK_NANOS)) > 0;
        changed.awaitNanos(isLong ? LOOK_NANOS : wait.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }
}
