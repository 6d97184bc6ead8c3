package io.direktiv.store.sql;

/// The limits of a store in a folder.
final class Limits {
  /// Calls of commit that may wait; one more is refused with
  /// [io.direktiv.store.StoreBusyException].
  static final int QUEUE_MAX = 20_000;

  /// Calls of commit that one flush takes along.
  static final int GROUP_MAX = 1_000;

  /// Readers at one time.
  static final int READERS = 4;

  private Limits() {}
}
