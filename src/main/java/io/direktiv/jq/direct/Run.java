package io.direktiv.jq.direct;

import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.builtins.Elements;
import io.direktiv.jq.builtins.Sizes;
import io.direktiv.json.Json;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/// One evaluation: its budget, how deep it is, and what it holds.
///
/// What is alive in the methods of the host nobody can add up, so whoever gathers much (an array
/// that is collected, the state of a reduction, the variables of a call) holds it here meanwhile.
final class Run implements LongUnaryOperator {
  /// How many calls deep an evaluation may get on the host's stack, the query's parts and what
  /// recurs added up ([Code#depth]). The largest frames of interpreted code take 140 bytes, so that
  /// is 98 KB: it leaves more than a third of what a stack of 256 KiB has for its methods to
  /// builtins and to classes that are loaded down there.
  static final int DEPTH_MAX = 700;

  private static final Object[] NOTHING = {};

  final Budget budget;

  /// The label that a `break` on its way looks for, or null.
  Object breaking;

  /// What a function that calls itself last goes on with, see [Calls.LastCall].
  Code.Frame again;

  Json againOver;

  private int depth;
  private Object[] held = NOTHING;
  private int top;

  /// @param depth how deep the query is without what recurs
  Run(Budget budget, int depth) {
    this.budget = budget;
    this.depth = depth;
    budget.surveyWith(this);
  }

  /// Something recurs, `calls` calls deeper.
  void enter(int calls) {
    depth += calls;
    if (depth > DEPTH_MAX) {
      throw Code.GivenUp.SIGNAL;
    }
    budget.step();
  }

  void leave(int calls) {
    depth -= calls;
  }

  /// Holds `object` until [#release]; returns what to release.
  int hold(Object object) {
    if (top == held.length) {
      held = Arrays.copyOf(held, Math.max(8, 2 * top));
    }
    held[top] = object;
    return top++;
  }

  void exchange(int at, Object object) {
    held[at] = object;
  }

  void release(int at) {
    while (top > at) {
      top--;
      held[top] = null;
    }
  }

  /// What [#restore] needs to go on after an error.
  long mark() {
    return (long) depth << 32 | top;
  }

  void restore(long mark) {
    depth = (int) (mark >> 32);
    release((int) mark);
  }

  /// The bytes that are held; may stop counting above `max`.
  @Override
  public long applyAsLong(long max) {
    Sizes.Counter counter = Sizes.counter(max);
    count(counter);
    if (counter.bytes() <= max) {
      return counter.bytes();
    }
    Sizes.Counter exact = Sizes.exactCounter(max);
    count(exact);
    return exact.bytes();
  }

  private void count(Sizes.Counter counter) {
    for (int i = 0; i < top; i++) {
      switch (held[i]) {
        case Json value -> counter.add(value);
        case Elements elements -> elements.count(counter);
        case Code.Frame frame -> {
          for (Object slot : frame.slots) {
            if (slot instanceof Json value) {
              counter.add(value);
            }
          }
        }
        default -> {}
      }
    }
  }
}
