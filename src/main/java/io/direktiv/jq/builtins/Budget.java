package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;

/// Counts what an evaluation costs and stops it when that is too much. For one thread.
public final class Budget {
  private final QueryLimits limits;
  private final long deadlineNanos;
  private long steps;
  private long outputs;
  private int untilCheck = Limits.STEPS_PER_CHECK;

  public Budget(QueryLimits limits) {
    this.limits = limits;
    this.deadlineNanos = System.nanoTime() + limits.time().toNanos();
  }

  public void step() {
    if (--untilCheck <= 0) {
      check();
    }
  }

  /// Counts the work of a builtin that goes through `count` things.
  public void work(long count) {
    untilCheck -= (int) Math.min(count, Limits.STEPS_PER_CHECK);
    if (untilCheck <= 0) {
      check();
    }
  }

  private void check() {
    steps += Limits.STEPS_PER_CHECK - untilCheck;
    untilCheck = Limits.STEPS_PER_CHECK;
    if (steps > limits.stepsMax()) {
      throw new QueryLimitException(
          "the query took more than " + limits.stepsMax() + " steps; make it do less");
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw late();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new QueryLimitException("the query was interrupted");
    }
  }

  public QueryLimitException late() {
    return new QueryLimitException(
        "the query ran longer than " + limits.time().toMillis() + " ms; make it do less");
  }

  /// Nanoseconds until the time limit, at least 1.
  public long nanosLeft() {
    return Math.max(1, deadlineNanos - System.nanoTime());
  }

  public void output() {
    if (++outputs > limits.outputsMax()) {
      throw new QueryLimitException(
          "the query has more than " + limits.outputsMax() + " outputs; collect or limit them");
    }
  }

  /// Refuses a value of about `bytes`.
  public void size(long bytes) {
    if (bytes > limits.bytesMax()) {
      throw new QueryLimitException(
          "the query builds a value of more than " + limits.bytesMax() + " bytes; make it smaller");
    }
  }
}
