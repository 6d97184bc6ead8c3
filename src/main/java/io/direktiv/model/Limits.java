package io.direktiv.model;

/// The limits of definitions.
public final class Limits {
  /// The largest definition in bytes of UTF-8: 1 MiB.
  public static final int WORKFLOW_BYTES_MAX = 1 << 20;

  /// The longest description in bytes of UTF-8 (reference 1.5).
  public static final int DESCRIPTION_BYTES_MAX = 1024;

  private Limits() {}
}
