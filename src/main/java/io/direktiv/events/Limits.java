package io.direktiv.events;

/// The limits of listeners.
public final class Limits {
  /// Incomplete sets of one workflow; the oldest is dropped when there would be more.
  public static final int SETS_MAX = 1_000;

  private Limits() {}
}
