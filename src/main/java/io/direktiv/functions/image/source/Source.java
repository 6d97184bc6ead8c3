package io.direktiv.functions.image.source;

import io.direktiv.functions.image.Content;
import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.ImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Somewhere to get one image from. What it gives is checked by whoever takes it, but for the
/// digests of blobs.
public interface Source extends AutoCloseable {
  /// What everything local comes from.
  String LOCAL = "local";

  /// Names the place: images that came from the same one need not be fetched twice.
  String origin();

  /// The manifest or index that the reference names. Asking shows that one may have the image.
  Content manifest() throws ImageException, IOException, InterruptedException;

  /// A manifest that an index names.
  Content manifest(Descriptor descriptor) throws ImageException, IOException, InterruptedException;

  /// Puts all of a blob into `file`, which has its digest then.
  ///
  /// @param file may hold the beginning
  /// @param progress is told now and then how many bytes there are
  void blob(Descriptor blob, Path file, LongConsumer progress)
      throws ImageException, IOException, InterruptedException;

  @Override
  default void close() throws IOException {
    // Nothing is open.
  }
}
