package io.direktiv.functions.image;

import io.direktiv.functions.image.unpack.UnpackLimits;

/// What images may cost.
///
/// @param cacheBytesMax of all unpacked images; the least recently used ones that are not in use go
///   first
/// @param each how much one image may become
public record ImageLimits(long cacheBytesMax, UnpackLimits each) {
  /// 20 GiB of images, each up to 10 GiB and 1,000,000 entries.
  public static final ImageLimits DEFAULT =
      new ImageLimits(20L << 30, new UnpackLimits(10L << 30, 1_000_000));

  /// The largest manifest or index, in bytes (as registries have it).
  static final int MANIFEST_BYTES_MAX = 4 << 20;

  /// The largest configuration of an image, in bytes.
  static final int CONFIG_BYTES_MAX = 4 << 20;

  /// The most layers of an image.
  static final int LAYERS_MAX = 500;
}
