package io.direktiv.functions.image;

import java.nio.file.Path;

/// An unpacked image, kept until it is closed; after that it may be evicted. Closing twice is fine.
///
/// @param reference as it was asked for
/// @param digest of its manifest
/// @param id the digest of its configuration, which names its content whatever its compression
/// @param root the folder with its files, which nobody may write to
/// @param release gives it back
public record Image(
    String reference, Digest digest, Digest id, Path root, ImageConfig config, Runnable release)
    implements AutoCloseable {
  @Override
  public void close() {
    release.run();
  }
}
