package io.direktiv.functions.image.cache;

import io.direktiv.functions.image.Digest;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// The right to use an unpacked root until it is closed. Twice is fine.
public final class Lease implements AutoCloseable {
  private final Leases leases;
  private final String name;
  private final Digest image;
  private final Path folder;
  private final AtomicBoolean isOpen = new AtomicBoolean(true);

  Lease(Leases leases, String name, Digest image, Path folder) {
    this.leases = leases;
    this.name = name;
    this.image = image;
    this.folder = folder;
  }

  /// Which image it is: the digest of its configuration.
  public Digest image() {
    return image;
  }

  /// Its files.
  public Path root() {
    return folder.resolve(Roots.ROOT);
  }

  /// Its configuration, as it came.
  public Path config() {
    return folder.resolve(Roots.CONFIG);
  }

  @Override
  public void close() {
    if (isOpen.compareAndSet(true, false)) {
      leases.giveBack(name);
    }
  }
}
