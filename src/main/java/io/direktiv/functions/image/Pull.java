package io.direktiv.functions.image;

import io.direktiv.functions.image.cache.Cache;
import io.direktiv.functions.image.source.Source;
import io.direktiv.functions.image.unpack.LayerStream;
import io.direktiv.functions.image.unpack.Owners;
import io.direktiv.functions.image.unpack.RootWriter;
import io.direktiv.functions.image.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// One image on its way: layers are fetched side by side and applied in their order. What a layer
/// turns out to be when it is unpacked has to be what the configuration says, so the
/// configuration's digest names the content. Closed when it is unpacked or given up.
final class Pull implements AutoCloseable {
  private final String reference;
  private final Manifest manifest;
  private final Source source;
  private final Cache cache;
  private final PullProgress progress;
  private final AtomicLong fetched = new AtomicLong();
  private final Queue<Path> taken = new ConcurrentLinkedQueue<>();

  Pull(String reference, Manifest manifest, Source source, Cache cache, PullProgress progress) {
    this.reference = reference;
    this.manifest = manifest;
    this.source = source;
    this.cache = cache;
    this.progress = progress;
  }

  /// The image's configuration.
  byte[] config() throws ImageException, IOException, InterruptedException {
    Descriptor config = manifest.config();
    if (config.size() > ImageLimits.CONFIG_BYTES_MAX) {
      throw Descriptor.broken("a configuration of " + config.size() + " bytes");
    }
    return Files.readAllBytes(blob(config, false));
  }

  /// What it is made of.
  List<Digest> blobs() {
    List<Digest> blobs = new ArrayList<>();
    blobs.add(manifest.config().digest());
    manifest.layers().forEach(layer -> blobs.add(layer.digest()));
    return blobs;
  }

  private Path blob(Descriptor blob, boolean isCounted)
      throws ImageException, IOException, InterruptedException {
    AtomicLong have = new AtomicLong();
    Path file =
        cache
            .blobs()
            .<ImageException>get(
                source.origin(),
                blob.digest(),
                target ->
                    source.blob(
                        blob, target, bytes -> count(bytes - have.getAndSet(bytes), isCounted)));
    taken.add(file);
    count(blob.size() - have.get(), isCounted);
    if (Files.size(file) != blob.size()) {
      throw Descriptor.broken("a wrong size for " + blob.digest());
    }
    return file;
  }

  private void count(long more, boolean isCounted) {
    if (isCounted && more != 0) {
      progress.fetches(reference, fetched.addAndGet(more), manifest.bytes());
    }
  }

  /// Fetches the layers and unpacks them into `root`.
  ///
  /// @return what the files take on the disk, in bytes
  long unpack(Path root, ImageConfig config, Owners owners, UnpackLimits limits)
      throws ImageException, IOException, InterruptedException {
    List<Descriptor> layers = manifest.layers();
    if (config.layers().size() != layers.size()) {
      throw Descriptor.broken(
          layers.size()
              + " layers, but its configuration has "
              + config.layers().size()
              + " (rootfs.diff_ids), so it is no image of a container");
    }
    progress.begins(reference, manifest.bytes());
    ExecutorService fetchers =
        Executors.newFixedThreadPool(
            ImageLimits.LAYERS_AT_ONCE, Thread.ofVirtual().name("layer-", 0).factory());
    try {
      List<Future<Path>> blobs = new ArrayList<>();
      for (Descriptor layer : layers) {
        blobs.add(fetchers.submit(() -> blob(layer, true)));
      }
      RootWriter writer =
          new RootWriter(root, owners, limits, note -> progress.notes(reference, note));
      for (int i = 0; i < layers.size(); i++) {
        apply(writer, await(blobs.get(i)), config.layers().get(i));
        progress.unpacks(reference, i + 1, layers.size());
      }
      writer.finish();
      return writer.bytes();
    } finally {
      fetchers.shutdownNow();
      fetchers.close();
    }
  }

  private static Path await(Future<Path> blob)
      throws ImageException, IOException, InterruptedException {
    try {
      return blob.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ImageException refused -> throw refused;
        case IOException failed -> throw failed;
        case InterruptedException stopped -> throw stopped;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static void apply(RootWriter writer, Path blob, Digest wanted)
      throws ImageException, IOException {
    MessageDigest computed = wanted.start();
    try (InputStream in =
        new DigestInputStream(LayerStream.open(Files.newInputStream(blob)), computed)) {
      writer.layer(in);
    }
    if (!wanted.isOf(computed)) {
      throw Descriptor.broken("a layer that is not the one its configuration names, " + wanted);
    }
  }

  /// Gives up what it took of the blobs, which may be evicted now.
  @Override
  public void close() throws IOException {
    for (Path file : taken) {
      Files.deleteIfExists(file);
    }
  }
}
