package io.direktiv.model;

/// The limits of definitions.
public final class Limits {
  /// The largest definition in bytes of UTF-8: 1 MiB.
  public static final int WORKFLOW_BYTES_MAX = 1 << 20;

  /// The longest description in bytes of UTF-8 (reference 1.5).
  public static final int DESCRIPTION_BYTES_MAX = 1024;

  /// The deepest nesting of a definition's YAML.
  public static final int YAML_DEPTH_MAX = 100;

  /// The most YAML nodes after aliases are followed.
  public static final int YAML_NODES_MAX = 200_000;

  /// How many problems of one file are reported.
  public static final int DIAGNOSTICS_MAX = 200;

  private Limits() {}
}
