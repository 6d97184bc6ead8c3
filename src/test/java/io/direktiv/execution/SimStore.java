package io.direktiv.execution;

import io.direktiv.store.Change;
import io.direktiv.store.Definitions;
import io.direktiv.store.Holdings;
import io.direktiv.store.Instances;
import io.direktiv.store.Store;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreException;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.Waits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/// The store as one simulated server sees it: commits gather, are written late, together and in
/// order, and are told later still; some fail. What the disk holds outlives the server.
final class SimStore implements Store {
  private static final Duration FLUSH = Duration.ofMillis(20);
  private static final Duration SLOW_FLUSH = Duration.ofSeconds(2);
  private static final Duration TELL = Duration.ofMillis(5);

  private record Request(List<Change> changes, CompletableFuture<Void> done) {}

  private final Store disk;
  private final SimQueue queue;
  private final Random random;
  private final Simulation.Faults faults;
  private final int server;
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private boolean isFlushing;

  SimStore(Store disk, SimQueue queue, Random random, Simulation.Faults faults, int server) {
    this.disk = disk;
    this.queue = queue;
    this.random = random;
    this.faults = faults;
    this.server = server;
  }

  @Override
  public CompletableFuture<Void> commit(List<Change> changes) {
    if (faults.happens(random, 0.01)) {
      return CompletableFuture.failedFuture(new StoreBusyException("the simulated store is busy"));
    }
    Request request = new Request(List.copyOf(changes), new CompletableFuture<>());
    waiting.add(request);
    if (!isFlushing) {
      isFlushing = true;
      Duration most = faults.happens(random, 0.05) ? SLOW_FLUSH : FLUSH;
      queue.add(server, queue.upTo(most), this::flush);
    }
    return request.done;
  }

  private void flush() {
    isFlushing = false;
    boolean isBroken = faults.happens(random, 0.03);
    while (!waiting.isEmpty()) {
      Request request = waiting.poll();
      CompletableFuture<Void> written =
          isBroken
              ? CompletableFuture.failedFuture(new StoreException("the disk is full", null))
              : disk.commit(request.changes);
      queue.add(server, queue.upTo(TELL), () -> tell(request, written));
    }
  }

  private static void tell(Request request, CompletableFuture<Void> written) {
    if (written.isCompletedExceptionally()) {
      request.done.completeExceptionally(written.exceptionNow());
    } else {
      request.done.complete(null);
    }
  }

  /// The server crashes: a part of what waits may have reached the disk, in order.
  void crash() {
    int reached = waiting.isEmpty() ? 0 : random.nextInt(waiting.size() + 1);
    for (int i = 0; i < reached; i++) {
      disk.commit(waiting.poll().changes);
    }
    waiting.clear();
  }

  /// The same face, whose every method may fail.
  private <T> T failing(Class<T> face, T real) {
    Object proxy =
        Proxy.newProxyInstance(
            face.getClassLoader(),
            new Class<?>[] {face},
            (_, method, arguments) -> {
              if (faults.happens(random, 0.005)) {
                throw new StoreException("the disk cannot be read", null);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return face.cast(proxy);
  }

  @Override
  public Definitions definitions() {
    return failing(Definitions.class, disk.definitions());
  }

  @Override
  public Instances instances() {
    return failing(Instances.class, disk.instances());
  }

  @Override
  public Waits waits() {
    return failing(Waits.class, disk.waits());
  }

  @Override
  public Holdings holdings() {
    return failing(Holdings.class, disk.holdings());
  }

  @Override
  public StoreStatistics statistics() {
    return disk.statistics();
  }

  @Override
  public int prunable(Instant before, int atMost) {
    return disk.prunable(before, atMost);
  }

  @Override
  public void close() {
    // The disk goes on.
  }
}
