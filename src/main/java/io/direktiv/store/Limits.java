package io.direktiv.store;

/// The limits of a store.
public final class Limits {
  /// Calls of commit that may wait; one more is refused with [StoreBusyException].
  public static final int QUEUE_MAX = 20_000;

  /// Calls of commit that one flush takes along.
  public static final int GROUP_MAX = 1_000;

  /// Readers at one time.
  public static final int READERS = 4;

  private Limits() {}
}
