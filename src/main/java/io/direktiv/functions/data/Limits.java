package io.direktiv.functions.data;

/// The limits of variables that travel as files.
final class Limits {
  /// What all files of a call may have that are made of variables, in bytes.
  static final int GIVEN_BYTES_MAX = 32 << 20;

  /// What all files of a scope may have that become variables, in bytes.
  static final int LEFT_BYTES_MAX = 32 << 20;

  /// The most files and folders that variables are made into, or the other way round.
  static final int ENTRIES_MAX = 10_000;

  /// The most variables that a call may leave.
  static final int LEFT_MAX = 100;

  /// The most files and folders that are removed from the folder of a call.
  static final int REMOVED_MAX = 100_000;

  /// How deep they may lie.
  static final int DEPTH_MAX = 200;

  private Limits() {}
}
