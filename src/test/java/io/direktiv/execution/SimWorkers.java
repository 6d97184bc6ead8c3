package io.direktiv.execution;

import io.direktiv.execution.work.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/// Workers of one simulated server: everything is a task that may come late. A call of a function
/// may be made twice, which duplicates its result.
final class SimWorkers implements Workers {
  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration CALL = Duration.ofSeconds(3);

  private final SimQueue queue;
  private final Random random;
  private final Simulation.Faults faults;
  private final int server;

  SimWorkers(SimQueue queue, Random random, Simulation.Faults faults, int server) {
    this.queue = queue;
    this.random = random;
    this.faults = faults;
    this.server = server;
  }

  @Override
  public void decide(String namespace, Runnable task) {
    queue.add(server, queue.upTo(SOON), task);
  }

  @Override
  public void follow(Runnable task) {
    queue.add(server, queue.upTo(SOON), task);
  }

  @Override
  public void call(String name, Runnable task) {
    queue.add(server, queue.upTo(CALL), task);
    if (faults.happens(random, 0.1)) {
      queue.add(server, queue.upTo(CALL), task);
    }
  }

  @Override
  public void ringAt(Instant due, Runnable task) {
    queue.addAt(server, due, task);
  }

  @Override
  public void stop() {
    // A simulated server only crashes.
  }
}
