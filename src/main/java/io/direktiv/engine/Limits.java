package io.direktiv.engine;

/// The limits of instances.
public final class Limits {
  /// How many visited states an instance's record lists.
  public static final int FLOW_MAX = 1_000;

  private Limits() {}
}
