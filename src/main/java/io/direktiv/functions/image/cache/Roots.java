package io.direktiv.functions.image.cache;

import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.unpack.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Unpacked images:
///
/// ```
/// IMAGE-SHIFT/rootfs        the merged layers of the image whose configuration has this digest
///            /config.json   its configuration
///            /size          what it takes on the disk, in bytes
///            /origins       the repositories that were seen to hold all of it, one a line
///            /blobs         the blobs that it was made of, one a line
///            /lease         locked by who uses it; its time is when it was last used
/// ```
///
/// An image is used for a repository only when that is among its origins: anybody who knows a
/// manifest's bytes can serve them from a registry of their own, without a single blob.
public final class Roots {
  static final String ROOT = "rootfs";
  static final String CONFIG = "config.json";
  private static final String ORIGINS = "origins";
  private static final String SIZE = "size";
  private static final String BLOBS = "blobs";
  private static final String LEASE = "lease";
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64,128})-(\\d{1,10})");

  private final Path folder;
  private final Path work;
  private final Locks locks;
  private final Leases leases = new Leases();
  private final Turns<Key> making = new Turns<>();

  Roots(Path folder, Path work, Locks locks) {
    this.folder = folder;
    this.work = work;
    this.locks = locks;
  }

  /// An unpacked image.
  ///
  /// @param image the digest of its configuration
  /// @param shift what was added to the users of its files
  public record Key(Digest image, int shift) {}

  /// An unpacked image that is here.
  public record Entry(Key key, long bytes, Instant lastUsed, boolean isInUse, Set<String> origins) {
    public Entry {
      origins = Set.copyOf(origins);
    }
  }

  private Path place(Key key) {
    return folder.resolve(key.image().hex() + "-" + key.shift());
  }

  /// Takes an unpacked image, if it is here and `origin` is known to hold it.
  public Optional<Lease> lease(Key key, String origin) throws IOException {
    Path root = place(key);
    String name = root.getFileName().toString();
    return locks.alone(() -> {
      boolean isHere = origins(root).contains(origin);
      return isHere && leases.take(name, root.resolve(LEASE))
          ? Optional.of(new Lease(leases, name, key.image(), root))
          : Optional.empty();
    });
  }

  /// True when an unpacked image is here and `origin` is known to hold it.
  public boolean isHere(Key key, String origin) throws IOException {
    return origins(place(key)).contains(origin);
  }

  /// Takes a root that has to be made first.
  public interface Making<E extends Exception> {
    /// Makes the root with [#make] and takes it.
    Lease run() throws E, IOException, InterruptedException;
  }

  /// Takes an unpacked image, or has it made: of the threads that want one only the first makes it.
  public <E extends Exception> Lease lease(Key key, String origin, Making<E> making)
      throws E, IOException, InterruptedException {
    return this.making.<Lease, E>alone(
        key,
        () -> {
          Optional<Lease> here = lease(key, origin);
          return here.isPresent() ? here.get() : making.run();
        });
  }

  /// True when a thread of this process makes the image of `key`.
  public boolean isBeingMade(Key key) {
    return making.isTaken(key);
  }

  private static Set<String> origins(Path root) throws IOException {
    return lines(root.resolve(ORIGINS));
  }

  /// The blobs that an image was made of, by their names; of one that an earlier release made,
  /// none.
  Set<String> blobs(Entry entry) throws IOException {
    return lines(place(entry.key()).resolve(BLOBS));
  }

  private static Set<String> lines(Path file) throws IOException {
    try {
      return new TreeSet<>(Files.readAllLines(file));
    } catch (NoSuchFileException _) {
      return Set.of();
    }
  }

  private static byte[] lines(Set<String> all) {
    return (String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// Fills an empty folder with the files of an image.
  public interface Filling<E extends Exception> {
    /// Fills `root`.
    ///
    /// @return what it takes on the disk, in bytes
    long into(Path root) throws E, IOException, InterruptedException;
  }

  /// Unpacks an image for a repository whose blobs are here. When somebody unpacked it meanwhile,
  /// that one stays, and the repository is noted as one that holds all of it.
  ///
  /// @param blobs that it is made of
  public <E extends Exception> void make(
      Key key, byte[] config, String origin, List<Digest> blobs, Filling<E> filling)
      throws E, IOException, InterruptedException {
    Path making = Files.createDirectory(work.resolve(UUID.randomUUID().toString()));
    try {
      long bytes = filling.into(Files.createDirectory(making.resolve(ROOT)));
      Files.write(making.resolve(CONFIG), config);
      Files.writeString(making.resolve(SIZE), Long.toString(bytes));
      Files.write(making.resolve(ORIGINS), lines(Set.of(origin)));
      Files.write(
          making.resolve(BLOBS), blobs.stream().map(blob -> Blobs.name(origin, blob)).toList());
      Files.createFile(making.resolve(LEASE));
      Files.setPosixFilePermissions(making, PosixFilePermissions.fromString("rwx--x--x"));
      Durable.syncAll(making);
      locks.alone(() -> {
        Path root = place(key);
        if (Files.exists(root)) {
          addOrigin(root, origin);
        } else {
          Files.move(making, root, StandardCopyOption.ATOMIC_MOVE);
          Durable.syncFolder(folder);
        }
        return null;
      });
    } finally {
      Trees.delete(making);
    }
  }

  private static void addOrigin(Path root, String origin) throws IOException {
    Set<String> all = new TreeSet<>(origins(root));
    if (all.add(origin)) {
      Durable.write(root.resolve(ORIGINS), lines(all));
    }
  }

  /// All of them, the longest unused first.
  public List<Entry> all() throws IOException {
    return locks.alone(() -> {
      List<Entry> found = new ArrayList<>();
      for (Path root : Cache.list(folder)) {
        Matcher name = NAME.matcher(root.getFileName().toString());
        Path lease = root.resolve(LEASE);
        if (name.matches() && Files.exists(lease)) {
          String algorithm = name.group(1).length() == 64 ? "sha256" : "sha512";
          found.add(
              new Entry(
                  new Key(new Digest(algorithm, name.group(1)), Integer.parseInt(name.group(2))),
                  size(root),
                  Files.getLastModifiedTime(lease).toInstant(),
                  leases.isTaken(name.group(), lease),
                  origins(root)));
        }
      }
      found.sort(Comparator.comparing(Entry::lastUsed));
      return found;
    });
  }

  long bytes() throws IOException {
    long sum = 0;
    for (Path root : Cache.list(folder)) {
      sum += size(root);
    }
    return sum;
  }

  private static long size(Path root) throws IOException {
    try {
      return Long.parseLong(Files.readString(root.resolve(SIZE)).strip());
    } catch (NumberFormatException | NoSuchFileException _) {
      return 0;
    }
  }

  /// Removes an unpacked image that nobody uses.
  ///
  /// @return false when somebody does, or it is gone
  public boolean remove(Entry entry) throws IOException {
    Path root = place(entry.key());
    Path grave = work.resolve(UUID.randomUUID().toString());
    boolean isMine =
        locks.alone(() -> {
          boolean isFree =
              Files.exists(root)
                  && !leases.isTaken(root.getFileName().toString(), root.resolve(LEASE));
          if (isFree) {
            Files.move(root, grave, StandardCopyOption.ATOMIC_MOVE);
          }
          return isFree;
        });
    Trees.delete(grave);
    return isMine;
  }

  void close() throws IOException {
    leases.close();
  }
}
