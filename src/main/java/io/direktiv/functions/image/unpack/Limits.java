package io.direktiv.functions.image.unpack;

/// The limits of layers that are no settings.
final class Limits {
  /// The longest name of a file, in bytes: what Linux takes.
  static final int NAME_BYTES_MAX = 255;

  /// The longest path of an entry, in bytes: what Linux takes, less what stands before it.
  static final int PATH_BYTES_MAX = 2_048;

  /// How deep folders may lie in each other.
  static final int DEPTH_MAX = 256;

  /// The longest text of a symbolic link, in bytes: what Linux takes.
  static final int LINK_BYTES_MAX = 4_095;

  /// What a file takes on a disk at least, in bytes; folders and links count as much.
  static final long BLOCK_BYTES = 4_096;

  /// The largest window of a zstd layer, in bytes; what `zstd --ultra` writes needs no more than
  /// this unless it is told `--long`.
  static final int ZSTD_WINDOW_BYTES_MAX = 8 << 20;

  /// Bytes that are copied at once.
  static final int BUFFER_BYTES = 128 << 10;

  private Limits() {}
}
