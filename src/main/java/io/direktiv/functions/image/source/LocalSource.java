package io.direktiv.functions.image.source;

import io.direktiv.functions.image.Content;
import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// An image that lies on this machine.
interface LocalSource extends Source {
  /// A blob as it lies there, unchecked.
  InputStream open(Digest blob) throws ImageException, IOException;

  @Override
  default String origin() {
    return LOCAL;
  }

  /// Where nothing is said otherwise, it is no index.
  @Override
  default Content manifest(Descriptor descriptor) throws ImageException, IOException {
    throw Copy.broken(descriptor.digest());
  }

  @Override
  default void blob(Descriptor blob, Path file, LongConsumer progress)
      throws ImageException, IOException {
    try (InputStream in = open(blob.digest())) {
      Copy.into(in, blob, file, progress);
    }
  }
}
