package io.direktiv.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/// Rings when keys are due, the earliest first. Each key has at most one time.
///
/// Setting a key again replaces its time. A replaced or cleared entry stays in the heap until it
/// comes up and is then passed over, which keeps clearing cheap. Only the earliest entry is set at
/// the alarm clock; `wakeAt` tells the live call from those that an earlier entry has overtaken.
final class Alarms<K> {
  private record Entry<K>(Instant due, long serial, K key) {}

  /// Receives what is due; must not block.
  interface Bell<K> {
    void ring(K key, Instant due);
  }

  private final InstantSource clock;
  private final AlarmClock alarmClock;
  private final Bell<K> bell;
  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Entry<K>> heap =
      new PriorityQueue<>(
          Comparator.comparing((Entry<K> entry) -> entry.due)
              .thenComparingLong(entry -> entry.serial));
  private final Map<K, Entry<K>> current = new HashMap<>();
  private Instant wakeAt = Instant.MAX;
  private long serial;
  private boolean isRinging;

  Alarms(InstantSource clock, AlarmClock alarmClock, Bell<K> bell) {
    this.clock = clock;
    this.alarmClock = alarmClock;
    this.bell = bell;
  }

  void start() {
    lock.lock();
    try {
      isRinging = true;
      setNext();
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      isRinging = false;
    } finally {
      lock.unlock();
    }
  }

  void set(K key, Instant due) {
    lock.lock();
    try {
      Entry<K> entry = new Entry<>(due, serial++, key);
      current.put(key, entry);
      heap.add(entry);
      setNext();
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

  int size() {
    lock.lock();
    try {
      return current.size();
    } finally {
      lock.unlock();
    }
  }

  private void setNext() {
    Optional<Entry<K>> first = first();
    if (isRinging && first.isPresent() && first.get().due.isBefore(wakeAt)) {
      Instant due = first.get().due;
      wakeAt = due;
      alarmClock.ringAt(due, () -> wake(due));
    }
  }

  private void wake(Instant due) {
    Optional<Entry<K>> next = take(due);
    while (next.isPresent()) {
      bell.ring(next.get().key, next.get().due);
      next = take(due);
    }
  }

  /// Takes the earliest entry when it is due; sets the next call when none is.
  private Optional<Entry<K>> take(Instant call) {
    lock.lock();
    try {
      if (!isRinging || !call.equals(wakeAt)) {
        return Optional.empty();
      }
      Optional<Entry<K>> first = first();
      if (first.isPresent() && !first.get().due.isAfter(clock.instant())) {
        heap.poll();
        current.remove(first.get().key);
        return first;
      }
      wakeAt = Instant.MAX;
      setNext();
      return Optional.empty();
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
