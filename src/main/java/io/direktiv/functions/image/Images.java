package io.direktiv.functions.image;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.unpack.BadLayerException;
import io.direktiv.functions.image.unpack.LayerStream;
import io.direktiv.functions.image.unpack.Owners;
import io.direktiv.functions.image.unpack.RootWriter;
import io.direktiv.functions.image.unpack.TooLargeException;
import io.direktiv.functions.image.unpack.Trees;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/// Images of registries, unpacked into folders that all sandboxes share. Safe for use by many
/// threads.
///
/// ```
///   reference ─▶ manifest for this machine ─▶ unpacked already? ─▶ lease
///                                              └ no: layers ─▶ a folder aside ─▶ rename ─▶ lease
/// ```
///
/// A folder is named by its repository and its manifest's digest, and appears whole or not at all;
/// what a crash left aside is removed at the next start. One image is fetched once, however many
/// calls want it.
public final class Images implements AutoCloseable {
  private final Path aside;
  private final Registries registries;
  private final Manifests manifests;
  private final ImageFolders folders;
  private final ImageLimits limits;
  private final Owners owners;
  private final Map<String, ReentrantLock> fetching = new ConcurrentHashMap<>();

  /// Images in `folder`, which only this process uses.
  ///
  /// @param shift what is added to each user of an image, when this process may give files away
  public Images(Path folder, Registries registries, int shift, ImageLimits limits)
      throws IOException {
    this.aside = folder.resolve("aside");
    this.registries = registries;
    this.manifests = new Manifests(registries);
    this.limits = limits;
    this.owners = Owners.ofThisProcess(shift);
    Trees.delete(aside);
    Files.createDirectories(aside);
    this.folders = new ImageFolders(folder.resolve("roots"), limits.cacheBytesMax());
  }

  /// The image that `reference` names, unpacked.
  ///
  /// @param login for its registry
  /// @param notes receives sentences about what is done and what was left out
  public Image provide(
      String reference, Optional<RegistryCredentials> login, Consumer<String> notes)
      throws ImageException, InterruptedException {
    Manifests.Found found = manifests.find(ImageName.of(reference), login);
    try {
      return lease(reference, found, notes);
    } catch (BadLayerException e) {
      throw new ImageException(
          Kind.HOSTILE, "cannot be unpacked: " + e.getMessage(), "build the image without that");
    } catch (TooLargeException e) {
      throw new ImageException(
          Kind.TOO_LARGE, "is too large: " + e.getMessage(), "build a smaller image");
    } catch (EOFException | ZipException e) {
      throw new ImageException(
          Kind.BROKEN,
          "has a layer that cannot be read: " + e.getMessage(),
          "build and push the image again");
    } catch (IOException e) {
      throw new ImageException(
          Kind.DISK,
          "cannot be kept in " + aside.getParent() + ": " + e.getMessage(),
          "make room there");
    }
  }

  private Image lease(String reference, Manifests.Found found, Consumer<String> notes)
      throws ImageException, IOException, InterruptedException {
    String name = ImageFolders.name(found);
    Optional<ImageFolders.Lease> lease = folders.lease(name);
    if (lease.isEmpty()) {
      ReentrantLock lock = fetching.computeIfAbsent(name, _ -> new ReentrantLock());
      lock.lockInterruptibly();
      try {
        lease = folders.lease(name);
        if (lease.isEmpty()) {
          lease = Optional.of(fetch(reference, found, notes));
        }
      } finally {
        fetching.remove(name, lock);
        lock.unlock();
      }
    }
    ImageFolders.Lease taken = lease.get();
    return new Image(
        reference, found.digest(), taken.root(), config(taken.config()), taken::release);
  }

  private ImageFolders.Lease fetch(String reference, Manifests.Found found, Consumer<String> notes)
      throws ImageException, IOException, InterruptedException {
    long bytes = found.layers().stream().mapToLong(Descriptor::size).sum();
    if (bytes > limits.each().bytesMax()) {
      throw new TooLargeException(
          "its layers have "
              + bytes
              + " bytes, of which "
              + limits.each().bytesMax()
              + " are the most");
    }
    notes.accept("pulling image " + reference + " (" + (bytes >> 10) + " KiB)");
    Path work = Files.createTempDirectory(aside, "pull-");
    try {
      byte[] config = config(found, work.resolve("config"));
      Path root = Files.createDirectory(work.resolve("root"));
      RootWriter writer = new RootWriter(root, owners, limits.each(), notes);
      for (Descriptor layer : found.layers()) {
        Path blob = work.resolve("layer");
        found.registry().blob(layer, blob, _ -> {});
        try (InputStream in = LayerStream.open(Files.newInputStream(blob))) {
          writer.layer(in);
        }
        Files.delete(blob);
      }
      writer.finish();
      return folders.put(ImageFolders.name(found), root, config, writer.bytes());
    } finally {
      Trees.delete(work);
    }
  }

  private static byte[] config(Manifests.Found found, Path file)
      throws ImageException, IOException, InterruptedException {
    if (found.config().size() > ImageLimits.CONFIG_BYTES_MAX) {
      throw Descriptor.broken("a configuration of " + found.config().size() + " bytes");
    }
    found.registry().blob(found.config(), file, _ -> {});
    byte[] config = Files.readAllBytes(file);
    config(config);
    return config;
  }

  private static ImageConfig config(byte[] text) throws ImageException {
    try {
      return ImageConfig.read(Json.parse(text));
    } catch (JsonException e) {
      throw Descriptor.broken("a configuration that is no JSON: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    registries.close();
  }
}
