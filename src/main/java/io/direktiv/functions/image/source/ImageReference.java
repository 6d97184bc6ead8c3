package io.direktiv.functions.image.source;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.image.ImageException;
import java.nio.file.Path;

/// What the text of a reference means.
public sealed interface ImageReference {
  /// An image in a registry: `NAME`, `HOST/NAME:TAG`, `NAME@DIGEST`.
  record Remote(ImageName name) implements ImageReference {}

  /// A folder: `oci:FOLDER`, `oci:FOLDER:TAG`, or a path such as `./FOLDER`, which may also be a
  /// root file system.
  ///
  /// @param tag empty when there is none
  /// @param isLayout true when it must be an OCI image layout
  record Folder(Path path, String tag, boolean isLayout) implements ImageReference {}

  /// An archive: `oci-archive:FILE`, `docker-archive:FILE`, each also with `:TAG`.
  ///
  /// @param tag empty when there is none
  /// @param isDocker true for what `docker save` writes
  record Archive(Path path, String tag, boolean isDocker) implements ImageReference {}

  /// Reads `text`.
  ///
  /// @throws ImageException when it is no reference
  static ImageReference parse(String text) throws ImageException {
    return ReferenceReader.read(text);
  }
}
