package io.direktiv.schema;

import java.time.Duration;

/// The time that one validation may take: a small schema can refer to itself so that it costs more
/// than anybody has, and patterns can backtrack for as long.
final class Budget {
  /// The longest validation of one value.
  static final Duration TIME_MAX = Duration.ofSeconds(2);

  /// How often the clock is read, in looks at a value.
  private static final int LOOKS_PER_READING = 256;

  private static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

  private final long end = System.nanoTime() + TIME_MAX.toNanos();
  private int looks;

  /// Runs `task` with a budget of its own.
  ///
  /// @throws SpentException when that is spent
  static <T> T within(ScopedValue.CallableOp<T, RuntimeException> task) {
    return ScopedValue.where(CURRENT, new Budget()).call(task);
  }

  /// Counts one look at a value.
  static void look() {
    if (CURRENT.isBound() && ++CURRENT.get().looks % LOOKS_PER_READING == 0) {
      leftNanos();
    }
  }

  /// What is left, more than nothing.
  static long leftNanos() {
    if (!CURRENT.isBound()) {
      return TIME_MAX.toNanos();
    }
    long left = CURRENT.get().end - System.nanoTime();
    if (left <= 0) {
      throw new SpentException();
    }
    return left;
  }

  /// The budget is spent.
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpentException() {
      super("the schema takes longer than " + TIME_MAX.toSeconds() + " s", null, false, false);
    }
  }
}
