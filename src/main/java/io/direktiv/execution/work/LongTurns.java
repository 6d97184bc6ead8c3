package io.direktiv.execution.work;

import io.direktiv.jq.Pacer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets tasks that compute for long take turns, so that short ones find a processor free.
///
/// ```
///   short ──slice used──▶ waiting ──seat──▶ seated ──slice used, others wait──▶ waiting …
/// ```
///
/// A task runs freely for one slice. After that it needs one of a few seats, fewer than there are
/// processors, and hands it on after each further slice when somebody waits. Namespaces take turns,
/// so the many queries of one tenant do not slow the long query of another to a crawl. Without this
/// the operating system shares the processors evenly, and a request that passes through six threads
/// waits behind every endless query six times; `./dev bench Tenants` shows both.
///
/// Safe for use by many threads; each [Task] belongs to one.
final class LongTurns {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Deque<Waiter>> waiting = new LinkedHashMap<>();
  private final long sliceNanos;
  private int free;

  /// Turns on `seats` seats of `sliceNanos` each.
  LongTurns(int seats, long sliceNanos) {
    this.free = seats;
    this.sliceNanos = sliceNanos;
  }

  private static final class Waiter {
    final Condition seat;
    boolean isSeated;

    Waiter(Condition seat) {
      this.seat = seat;
    }
  }

  /// A task of `namespace` that begins now.
  Task begin(String namespace) {
    return new Task(namespace);
  }

  /// What one thread runs, from its begin to [#end].
  final class Task implements Pacer {
    private final String namespace;
    private long sinceNanos = System.nanoTime();
    private boolean isSeated;

    private Task(String namespace) {
      this.namespace = namespace;
    }

    @Override
    public void pace(long nanosLeft) {
      if (System.nanoTime() - sinceNanos < sliceNanos) {
        return;
      }
      lock.lock();
      try {
        isSeated = isSeated && waiting.isEmpty() || take() || sit(nanosLeft);
      } finally {
        lock.unlock();
      }
      sinceNanos = System.nanoTime();
    }

    /// Takes a seat that nobody wants.
    private boolean take() {
      if (isSeated || free == 0) {
        return false;
      }
      free--;
      return true;
    }

    /// Waits for a seat behind those who wait already; false when there was none in time.
    private boolean sit(long nanosLeft) {
      Waiter waiter = new Waiter(lock.newCondition());
      waiting.computeIfAbsent(namespace, _ -> new ArrayDeque<>()).add(waiter);
      if (isSeated) {
        isSeated = false;
        handOn();
      }
      long left = nanosLeft;
      try {
        while (!waiter.isSeated && left > 0) {
          left = waiter.seat.awaitNanos(left);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      if (!waiter.isSeated) {
        leave(waiter);
      }
      return waiter.isSeated;
    }

    private void leave(Waiter waiter) {
      Deque<Waiter> own = waiting.get(namespace);
      own.remove(waiter);
      if (own.isEmpty()) {
        waiting.remove(namespace);
      }
    }

    /// Ends the task and frees its seat; twice is fine.
    void end() {
      if (isSeated) {
        isSeated = false;
        lock.lock();
        try {
          handOn();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /// Gives a seat to the longest waiting namespace, which then goes to the end of the line.
  private void handOn() {
    if (waiting.isEmpty()) {
      free++;
      return;
    }
    String namespace = waiting.keySet().iterator().next();
    Deque<Waiter> line = waiting.remove(namespace);
    Waiter next = line.poll();
    if (!line.isEmpty()) {
      waiting.put(namespace, line);
    }
    next.isSeated = true;
    next.seat.signal();
  }
}
