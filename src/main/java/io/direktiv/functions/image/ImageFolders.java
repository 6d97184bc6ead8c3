package io.direktiv.functions.image;

import io.direktiv.functions.image.unpack.Trees;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/// The folders of unpacked images: who uses which, and which go when they become too many. Safe for
/// use by many threads.
///
/// ```
///   NAME/root          the image's files
///   NAME/config.json   its configuration
///   NAME/entry.json    how many bytes it has; written last, its time is the last use
/// ```
///
/// A name is made of the repository and the manifest's digest. The digest alone would do for the
/// content, but not for the right to it: anybody who knows a manifest's bytes can serve them from a
/// registry of their own, without a single blob.
final class ImageFolders {
  private final Path folder;
  private final long bytesMax;
  private final Map<String, Integer> used = new HashMap<>();

  ImageFolders(Path folder, long bytesMax) throws IOException {
    this.folder = folder;
    this.bytesMax = bytesMax;
    Files.createDirectories(folder);
  }

  /// A folder that stays until it is released.
  final class Lease {
    private final String name;
    private final byte[] config;
    private final AtomicBoolean isReleased = new AtomicBoolean();

    private Lease(String name, byte[] config) {
      this.name = name;
      this.config = config;
    }

    Path root() {
      return folder.resolve(name).resolve("root");
    }

    byte[] config() {
      return config;
    }

    /// Gives the folder back; twice is fine.
    void release() {
      if (isReleased.compareAndSet(false, true)) {
        give(name);
      }
    }
  }

  private record Entry(String name, long bytes, Instant lastUse) {}

  /// The name of the image that `found` says is in its repository.
  static String name(Manifests.Found found) {
    byte[] repository = found.registry().toString().getBytes(StandardCharsets.UTF_8);
    return Digest.of(repository).hex() + "-" + found.digest().hex();
  }

  /// A lease of an image that is here.
  synchronized Optional<Lease> lease(String name) throws IOException {
    Path entry = folder.resolve(name).resolve("entry.json");
    if (!Files.exists(entry)) {
      return Optional.empty();
    }
    Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
    byte[] config = Files.readAllBytes(folder.resolve(name).resolve("config.json"));
    used.merge(name, 1, Integer::sum);
    return Optional.of(new Lease(name, config));
  }

  private synchronized void give(String name) {
    used.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1);
  }

  /// Takes over `root`, an unpacked image, and evicts what is then too much.
  synchronized Lease put(String name, Path root, byte[] config, long bytes) throws IOException {
    Path place = folder.resolve(name);
    // Without its entry it is what a crash left.
    Trees.delete(place);
    Files.createDirectory(place);
    Files.move(root, place.resolve("root"), StandardCopyOption.ATOMIC_MOVE);
    Files.write(place.resolve("config.json"), config);
    Path entry = place.resolve("entry.new");
    Files.write(entry, JsonObject.of("bytes", Json.of(bytes)).toBytes());
    Files.move(entry, place.resolve("entry.json"), StandardCopyOption.ATOMIC_MOVE);
    used.merge(name, 1, Integer::sum);
    evict();
    return new Lease(name, config);
  }

  private void evict() throws IOException {
    List<Entry> entries = entries();
    long bytes = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      if (bytes <= bytesMax) {
        return;
      }
      if (!used.containsKey(entry.name())) {
        Files.delete(folder.resolve(entry.name()).resolve("entry.json"));
        Trees.delete(folder.resolve(entry.name()));
        bytes -= entry.bytes();
      }
    }
  }

  /// All whole ones, the least recently used first.
  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path each : list.toList()) {
        Path file = each.resolve("entry.json");
        if (Files.exists(file)
            && Json.parse(Files.readAllBytes(file)) instanceof JsonObject entry
            && entry.get("bytes") instanceof JsonNumber bytes) {
          Instant lastUse = Files.getLastModifiedTime(file).toInstant();
          entries.add(new Entry(each.getFileName().toString(), bytes.longValue(), lastUse));
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::lastUse));
    return entries;
  }
}
