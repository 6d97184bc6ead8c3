package io.direktiv.execution.cache;

/// The limits of what is kept in memory.
final class Limits {
  /// Definitions that are kept, in characters of their sources.
  static final long CACHED_DEFINITIONS_CHARS = 8L << 20;

  private Limits() {}
}
