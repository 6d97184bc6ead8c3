package io.direktiv.functions.contract;

/// The ports of the contract `http` (reference 1.4).
public final class Ports {
  /// Where the function listens.
  public static final int FUNCTION = 8080;

  /// Where the function finds its log.
  public static final int LOG = 8889;

  private Ports() {}
}
