package io.direktiv.jq.builtins;

import io.direktiv.jq.Pacer;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.json.Extent;
import io.direktiv.json.Json;
import io.direktiv.json.JsonLimits;
import java.util.function.LongUnaryOperator;

/// Counts what an evaluation costs and stops it when that is too much. For one thread.
///
/// Time is looked at every few thousand steps. Memory is what is alive, which nobody knows without
/// looking: whoever makes something says so ([#made]), and when enough was made the machine adds up
/// what it still holds. That costs in proportion to what was made, and a query that makes much and
/// keeps little goes on.
public final class Budget {
  private static final int STEPS_PER_CHECK = 4_096;

  /// The clock is asked for the first time after so many steps: most evaluations end before.
  private static final int STEPS_BEFORE_CLOCK = 128;

  /// What a step makes in links of the machine, about.
  private static final int BYTES_PER_STEP = 48;

  private final QueryLimits limits;
  private long deadlineNanos;
  private Pacer pacer;
  private LongUnaryOperator survey = _ -> 0;
  private long steps;
  private long outputs;
  private long outputBytes;
  private long madeBytes;
  private long surveyAtBytes;
  private int stepsGiven = STEPS_BEFORE_CLOCK;
  private int untilCheck = STEPS_BEFORE_CLOCK;

  /// The budget of an evaluation that begins now.
  public Budget(QueryLimits limits) {
    this.limits = limits;
    this.surveyAtBytes = limits.bytesMax() / 8;
  }

  /// The budget of a second attempt at the same evaluation: all anew but the time.
  public Budget again() {
    Budget again = new Budget(limits);
    again.pacer = pacer;
    again.deadlineNanos = deadlineNanos;
    return again;
  }

  /// `survey` adds up the bytes alive; it may stop above its argument.
  public void surveyWith(LongUnaryOperator survey) {
    this.survey = survey;
  }

  private void startClock() {
    if (pacer == null) {
      pacer = Pacer.CURRENT.orElse(Pacer.NONE);
      deadlineNanos = System.nanoTime() + limits.time().toNanos();
    }
  }

  /// Counts one step.
  public void step() {
    if (--untilCheck <= 0) {
      check();
    }
  }

  /// Counts the work of a builtin that goes through `count` things.
  public void work(long count) {
    long rest = count;
    while (rest >= untilCheck) {
      rest -= untilCheck;
      untilCheck = 0;
      check();
    }
    untilCheck -= (int) rest;
  }

  /// A new value of about `bytes` was made.
  public void made(long bytes) {
    madeBytes += bytes;
    if (madeBytes > surveyAtBytes && untilCheck > 1) {
      stepsGiven -= untilCheck - 1;
      untilCheck = 1;
    }
  }

  private void check() {
    steps += stepsGiven;
    madeBytes += (long) stepsGiven * BYTES_PER_STEP;
    stepsGiven = STEPS_PER_CHECK;
    untilCheck = STEPS_PER_CHECK;
    if (steps > limits.stepsMax()) {
      throw new QueryLimitException(
          "the query took more than " + limits.stepsMax() + " steps; make it do less");
    }
    startClock();
    long left = deadlineNanos - System.nanoTime();
    if (left < 0) {
      throw late();
    }
    pacer.pace(left);
    if (Thread.currentThread().isInterrupted()) {
      throw new QueryLimitException("the query was interrupted");
    }
    if (madeBytes > surveyAtBytes) {
      measure();
    }
  }

  private void measure() {
    long living = survey.applyAsLong(limits.bytesMax());
    if (living > limits.bytesMax()) {
      throw new QueryLimitException(
          "the query holds more than " + limits.bytesMax() + " bytes at a time; make it keep less");
    }
    madeBytes = 0;
    surveyAtBytes = Math.max(limits.bytesMax() / 8, living / 2);
  }

  /// The refusal of a query that runs too long.
  public QueryLimitException late() {
    return new QueryLimitException(
        "the query ran longer than " + limits.time().toMillis() + " ms; make it do less");
  }

  /// The refusal of an output that is nested too deep.
  QueryLimitException tooDeep(int depthMax) {
    return new QueryLimitException(
        "the output is nested deeper than " + depthMax + " levels; make it flatter");
  }

  /// Nanoseconds until the time limit, at least 1.
  public long nanosLeft() {
    startClock();
    return Math.max(1, deadlineNanos - System.nanoTime());
  }

  /// Counts an output; all outputs together have to fit into the memory limit.
  public void output(Json value) {
    if (++outputs > limits.outputsMax()) {
      throw new QueryLimitException(
          "the query has more than " + limits.outputsMax() + " outputs; collect or limit them");
    }
    Extent extent = Extent.of(value, this::step);
    if (extent.depth() > JsonLimits.DEFAULT.depthMax()) {
      throw tooDeep(JsonLimits.DEFAULT.depthMax());
    }
    outputBytes += extent.bytes();
    if (outputBytes > limits.bytesMax()) {
      throw new QueryLimitException(
          "the outputs of the query take more than "
              + limits.bytesMax()
              + " bytes; make them smaller");
    }
  }

  /// Refuses a value of about `bytes`.
  public void size(long bytes) {
    if (bytes > limits.bytesMax()) {
      throw new QueryLimitException(
          "the query builds a value of more than " + limits.bytesMax() + " bytes; make it smaller");
    }
  }

  /// Refuses a new value of about `bytes`, or else counts it as made.
  public void build(long bytes) {
    size(bytes);
    made(bytes);
  }
}
