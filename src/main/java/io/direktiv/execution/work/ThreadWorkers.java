package io.direktiv.execution.work;

import io.direktiv.schedule.ClockThread;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Workers with threads: bounded platform threads for what burns processor time, a virtual thread
/// for everything that waits, one thread for the clock.
public final class ThreadWorkers implements Workers {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadWorkers.class);

  private final StepPool pool = new StepPool();
  private final ExecutorService effects = Executors.newVirtualThreadPerTaskExecutor();
  private final ClockThread clockThread;

  /// Workers whose alarms ring by `clock`; its threads run until [#stop].
  public ThreadWorkers(InstantSource clock) {
    clockThread = new ClockThread(clock);
    clockThread.start();
  }

  @Override
  public void decide(String namespace, Runnable task) {
    pool.execute(namespace, task);
  }

  @Override
  public void follow(Runnable task) {
    effects.execute(task);
  }

  @Override
  public void call(String name, Runnable task) {
    Thread.ofVirtual().name(name).start(task);
  }

  @Override
  public void ringAt(Instant due, Runnable task) {
    clockThread.ringAt(due, task);
  }

  /// Looks at the clock again after it was set.
  public void clockMoved() {
    clockThread.clockMoved();
  }

  @Override
  public void stop() {
    clockThread.stop();
    pool.stop();
    effects.shutdown();
    awaitQuiet();
  }

  /// Lets what was committed last be told, so that the store is closed on nobody.
  private void awaitQuiet() {
    try {
      if (!effects.awaitTermination(Limits.STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("some work did not end in time; it is taken up after the next start");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
