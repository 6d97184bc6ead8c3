package io.direktiv.store;

/// How a store fares, since it was opened.
///
/// @param commits calls of commit that were written
/// @param flushes flushes to disk
/// @param flushNanos time spent flushing
/// @param queued calls of commit that wait now
public record StoreStatistics(long commits, long flushes, long flushNanos, long queued) {}
