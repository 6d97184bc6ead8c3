package io.direktiv.functions.image;

import io.direktiv.functions.image.unpack.UnpackLimits;
import java.time.Duration;

/// What images may cost.
///
/// @param cacheBytesMax of all that is kept, layers as they came and unpacked images; what was used
///   the longest time ago goes first, and what is in use stays
/// @param each how much one image may become
public record ImageLimits(long cacheBytesMax, UnpackLimits each) {
  /// 20 GiB of images, each up to 10 GiB and 1,000,000 entries.
  public static final ImageLimits DEFAULT =
      new ImageLimits(20L << 30, new UnpackLimits(10L << 30, 1_000_000));

  /// The largest manifest or index, in bytes (as registries have it).
  public static final int MANIFEST_BYTES_MAX = 4 << 20;

  /// The largest configuration of an image, in bytes.
  public static final int CONFIG_BYTES_MAX = 4 << 20;

  /// The most layers of an image.
  static final int LAYERS_MAX = 500;

  /// How deep an index may lie in an index.
  static final int INDEX_DEPTH_MAX = 3;

  /// Layers of one image that are fetched at one time.
  static final int LAYERS_AT_ONCE = 3;

  /// How long a registry's word on a tag is believed.
  static final Duration TAG_TIME = Duration.ofMinutes(1);

  /// How long a registry's word on a digest is believed, whose content cannot change.
  static final Duration DIGEST_TIME = Duration.ofMinutes(15);

  /// How long a call waits for a registry that said something before.
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  /// How long what a registry said before counts without waiting for it again, once it was away.
  static final Duration AWAY_TIME = Duration.ofMinutes(5);

  /// After how long a registry that was away is asked again, beside the calls.
  static final Duration AWAY_ASK_TIME = Duration.ofSeconds(30);

  /// How long what a login was let pull counts for it while its registry cannot be reached.
  static final Duration OFFLINE_TIME = Duration.ofDays(7);

  /// Answers of registries that are remembered.
  static final int KNOWN_MAX = 10_000;

  /// The fewest digits of a digest that name an image.
  static final int DIGITS_MIN = 6;
}
