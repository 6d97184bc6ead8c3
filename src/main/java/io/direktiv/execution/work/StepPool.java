package io.direktiv.execution.work;

import io.direktiv.jq.Pacer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The platform threads on which steps are decided and queries evaluated.
///
/// jq burns processor time for as long as its limit allows, so it runs on threads of its own: the
/// carriers of virtual threads stay free. Namespaces take turns, and none may occupy more than
/// [Limits#STEP_THREADS_PER_NAMESPACE] threads, so a tenant's endless queries leave room for
/// others. What computes for long takes turns on fewer threads than there are processors, see
/// [LongTurns].
final class StepPool {
  private static final Logger LOG = LoggerFactory.getLogger(StepPool.class);

  private static final class Lane {
    final Deque<Runnable> waiting = new ArrayDeque<>();
    int running;
    boolean isQueued;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Deque<String> turns = new ArrayDeque<>();
  private final LongTurns longTurns =
      new LongTurns(
          Math.max(1, Runtime.getRuntime().availableProcessors() - 1), Limits.SLICE.toNanos());
  private int idle;
  private int threads;
  private boolean isStopped;

  /// Runs `task` when it is the namespace's turn.
  ///
  /// @throws RejectedExecutionException when the pool was stopped
  void execute(String namespace, Runnable task) {
    lock.lock();
    try {
      if (isStopped) {
        throw new RejectedExecutionException("the step pool was stopped");
      }
      Lane lane = lanes.computeIfAbsent(namespace, _ -> new Lane());
      lane.waiting.add(task);
      offerTurn(namespace, lane);
      if (idle > 0) {
        work.signal();
      } else if (threads < Limits.STEP_THREADS) {
        threads++;
        Thread.ofPlatform().name("step-" + threads).daemon().start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void offerTurn(String namespace, Lane lane) {
    boolean mayRun =
        !lane.isQueued
            && !lane.waiting.isEmpty()
            && lane.running < Limits.STEP_THREADS_PER_NAMESPACE;
    if (mayRun) {
      lane.isQueued = true;
      turns.add(namespace);
    }
  }

  private record Turn(String namespace, Runnable task) {}

  private void run() {
    Turn turn = next(null);
    while (turn != null) {
      LongTurns.Task paced = longTurns.begin(turn.namespace);
      try {
        ScopedValue.where(Pacer.CURRENT, paced).run(turn.task);
      } catch (RuntimeException | Error e) {
        LOG.error("a task of the step pool failed", e);
      } finally {
        paced.end();
      }
      turn = next(turn.namespace);
    }
  }

  /// Ends a turn of `done` and waits for the next one; null when the pool was stopped.
  private Turn next(String done) {
    lock.lock();
    try {
      if (done != null) {
        finish(done);
      }
      while (turns.isEmpty()) {
        if (isStopped) {
          return null;
        }
        idle++;
        work.awaitUninterruptibly();
        idle--;
      }
      String namespace = turns.poll();
      Lane lane = lanes.get(namespace);
      lane.isQueued = false;
      lane.running++;
      Runnable task = lane.waiting.poll();
      offerTurn(namespace, lane);
      return new Turn(namespace, task);
    } finally {
      lock.unlock();
    }
  }

  private void finish(String namespace) {
    Lane lane = lanes.get(namespace);
    lane.running--;
    if (lane.running == 0 && lane.waiting.isEmpty()) {
      lanes.remove(namespace);
    } else {
      offerTurn(namespace, lane);
    }
  }

  /// Ends the threads once they have nothing more to do; what comes later is refused.
  void stop() {
    lock.lock();
    try {
      isStopped = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
