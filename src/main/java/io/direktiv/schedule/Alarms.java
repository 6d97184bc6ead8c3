package io.direktiv.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A thread that rings when keys are due, the earliest first. Each key has at most one time.
///
/// Setting a key again replaces its time. A replaced or cleared entry stays in the heap until it
/// comes up and is then passed over, which keeps clearing cheap.
final class Alarms<K> {
  private record Entry<K>(Instant due, long serial, K key) {}

  /// Receives what is due, on the alarm thread; must not block.
  interface Bell<K> {
    void ring(K key, Instant due);
  }

  private final String name;
  private final InstantSource clock;
  private final Bell<K> bell;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Entry<K>> heap =
      new PriorityQueue<>((a, b) -> {
        int order = a.due.compareTo(b.due);
        return order != 0 ? order : Long.compare(a.serial, b.serial);
      });
  private final Map<K, Entry<K>> current = new HashMap<>();
  private long serial;
  private Thread thread;

  Alarms(String name, InstantSource clock, Bell<K> bell) {
    this.name = name;
    this.clock = clock;
    this.bell = bell;
  }

  void start() {
    thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  void stop() {
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

  void set(K key, Instant due) {
    lock.lock();
    try {
      Entry<K> entry = new Entry<>(due, serial++, key);
      current.put(key, entry);
      heap.add(entry);
      if (heap.peek() == entry) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void clear(K key) {
    lock.lock();
    try {
      current.remove(key);
      if (heap.size() > 64 && heap.size() > 4 * current.size()) {
        heap.clear();
        heap.addAll(current.values());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Looks at the clock again; only a clock that can be set needs this.
  void clockMoved() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return current.size();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        Entry<K> entry = next();
        bell.ring(entry.key, entry.due);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the earliest entry is due and takes it.
  private Entry<K> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Optional<Entry<K>> first = first();
        if (first.isEmpty()) {
          changed.await();
          continue;
        }
        Duration wait = Duration.between(clock.instant(), first.get().due);
        if (!wait.isPositive()) {
          heap.poll();
          current.remove(first.get().key);
          return first.get();
        }
        changed.await(Math.min(wait.toMillis() + 1, 3_600_000), TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<Entry<K>> first() {
    while (!heap.isEmpty() && current.get(heap.peek().key) != heap.peek()) {
      heap.poll();
    }
    return Optional.ofNullable(heap.peek());
  }
}
