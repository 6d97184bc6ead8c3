package io.direktiv.execution;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/// The whole world's work on one queue, in an order that a seed decides. Time passes only by taking
/// the next task.
final class SimQueue implements InstantSource {
  /// Tasks of the world, which no crash takes away.
  static final int WORLD = -1;

  private record Task(Instant due, long tie, long serial, int server, Runnable run) {}

  private final Random random;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparing(Task::due).thenComparingLong(Task::tie).thenComparing(Task::serial));
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private Duration setBack = Duration.ZERO;
  private long serial;
  private int server;

  SimQueue(Random random) {
    this.random = random;
  }

  /// What the clock on the wall says.
  @Override
  public Instant instant() {
    return now.minus(setBack);
  }

  /// Sets the clock on the wall back.
  void setBack(Duration by) {
    setBack = setBack.plus(by);
  }

  /// Lets time pass while nothing is done, as a machine that sleeps.
  void sleep(Duration time) {
    now = now.plus(time);
  }

  /// Adds a task of `owner`, which is a server's number or [#WORLD].
  void add(int owner, Duration delay, Runnable run) {
    tasks.add(new Task(now.plus(delay), random.nextLong(), serial++, owner, run));
  }

  /// Adds a task for a time on the wall.
  void addAt(int owner, Instant due, Runnable run) {
    Duration delay = Duration.between(instant(), due);
    add(owner, delay.isNegative() ? Duration.ZERO : delay, run);
  }

  /// A short time.
  Duration upTo(Duration most) {
    return Duration.ofNanos((long) (most.toNanos() * random.nextDouble()));
  }

  /// The number of the next server; tasks of earlier ones are lost.
  int nextServer() {
    return ++server;
  }

  /// Does the next task.
  void next() {
    Task task = tasks.poll();
    if (task == null) {
      throw new AssertionError("nothing is left to do");
    }
    now = task.due.isAfter(now) ? task.due : now;
    if (task.server == WORLD || task.server == server) {
      task.run.run();
    }
  }
}
