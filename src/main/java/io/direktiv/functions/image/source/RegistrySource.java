package io.direktiv.functions.image.source;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.image.Content;
import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageLimits;
import io.direktiv.functions.image.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// An image in a registry.
public final class RegistrySource implements Source {
  private final Registry registry;
  private final ImageName name;

  /// The image `name` in its repository.
  public RegistrySource(Registry registry, ImageName name) {
    this.registry = registry;
    this.name = name;
  }

  @Override
  public String origin() {
    return name.repository();
  }

  @Override
  public Content manifest() throws ImageException, InterruptedException {
    return fetch(name.digest().isEmpty() ? name.tag() : name.digest());
  }

  @Override
  public Content manifest(Descriptor descriptor) throws ImageException, InterruptedException {
    return fetch(descriptor.digest().toString());
  }

  private Content fetch(String reference) throws ImageException, InterruptedException {
    Registry.Manifest found = registry.manifest(reference, ImageLimits.MANIFEST_BYTES_MAX);
    return new Content(found.mediaType(), found.digest(), found.bytes());
  }

  @Override
  public void blob(Descriptor blob, Path file, LongConsumer progress)
      throws ImageException, IOException, InterruptedException {
    registry.blob(blob, file, progress);
  }
}
