package io.direktiv.functions.image.cache;

import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.unpack.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The folder of images:
///
/// ```
/// lock                    held for what must not happen at once
/// blobs/…                 see [Blobs]
/// roots/…                 see [Roots]
/// names/…                 see [Names]
/// work/ID, work/ID.lock   what a process is making, and its lock as long as it lives
/// ```
///
/// Safe for use by many threads and processes. Locks of files belong to a process, so whoever opens
/// a folder in this one gets the same object, which is closed with the last of them.
public final class Cache implements AutoCloseable {
  /// What this process has open, by real paths.
  private static final Map<Path, Cache> OPEN = new HashMap<>();

  private final Path folder;
  private final Path work;
  private final FileChannel alive;
  private final Locks locks;
  private final Blobs blobs;
  private final Roots roots;
  private final Names names;

  /// How often it is open; changed while [#OPEN] is locked.
  private int users = 1;

  private Cache(Path folder, Path work, FileChannel alive) throws IOException {
    this.folder = folder;
    this.work = work;
    this.alive = alive;
    this.locks = new Locks(folder.resolve("lock"));
    this.blobs = new Blobs(folder.resolve("blobs"), work);
    this.roots = new Roots(folder.resolve("roots"), work, locks);
    this.names = new Names(folder.resolve("names"));
  }

  /// Opens `folder`, makes it where it is missing, and removes what dead processes left half-done.
  public static Cache open(Path folder) throws IOException {
    Files.createDirectories(
        folder.toAbsolutePath(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    Path real = folder.toRealPath();
    synchronized (OPEN) {
      Cache open = OPEN.get(real);
      if (open != null) {
        open.users++;
        return open;
      }
      Cache cache = begin(real, UUID.randomUUID().toString());
      OPEN.put(real, cache);
      return cache;
    }
  }

  private static Cache begin(Path real, String id) throws IOException {
    for (String part : List.of("blobs", "roots", "names", "work")) {
      Files.createDirectories(real.resolve(part));
    }
    for (String part : List.of("blobs", "names", "work")) {
      Files.setPosixFilePermissions(
          real.resolve(part), PosixFilePermissions.fromString("rwx------"));
    }
    Path work = real.resolve("work").resolve(id);
    FileChannel alive = Locks.hold(lock(work), false).orElseThrow();
    Files.createDirectory(work);
    Cache cache = new Cache(real, work, alive);
    cache.sweep(id);
    return cache;
  }

  private static Path lock(Path work) {
    return work.resolveSibling(work.getFileName() + ".lock");
  }

  private void sweep(String mine) throws IOException {
    locks.alone(() -> {
      for (Path lock : list(folder.resolve("work"))) {
        String name = lock.getFileName().toString();
        if (name.endsWith(".lock") && !name.startsWith(mine)) {
          sweepIfDead(lock, lock.resolveSibling(name.replaceFirst("\\.lock$", "")));
        }
      }
      return null;
    });
    blobs.sweep();
  }

  private void sweepIfDead(Path lock, Path left) throws IOException {
    Optional<FileChannel> dead = Locks.hold(lock, false);
    if (dead.isPresent()) {
      blobs.salvage(left);
      Trees.delete(left);
      Files.deleteIfExists(lock);
      dead.get().close();
    }
  }

  /// The blobs in it.
  public Blobs blobs() {
    return blobs;
  }

  /// The unpacked images in it.
  public Roots roots() {
    return roots;
  }

  /// What references stand for.
  public Names names() {
    return names;
  }

  /// A name for a file of this process alone, which goes with the process.
  public Path scratch() {
    return work.resolve(UUID.randomUUID().toString());
  }

  /// Bytes of everything that is kept.
  public long bytes() throws IOException {
    return blobs.bytes() + roots.bytes();
  }

  /// Removes blobs, then roots, of each what was used the longest time ago, until no more than
  /// `most` bytes are kept. What is in use stays.
  ///
  /// @return the bytes that are gone
  public long shrink(long most) throws IOException {
    return shrink(most, Instant.MAX);
  }

  /// The same, but roots that were used after `until` stay.
  public long shrink(long most, Instant until) throws IOException {
    long over = bytes() - most;
    if (over <= 0) {
      return 0;
    }
    long gone = blobs.shrink(over);
    for (Roots.Entry root : gone < over ? roots.all() : List.<Roots.Entry>of()) {
      boolean mayGo = !root.isInUse() && root.lastUsed().isBefore(until);
      if (gone < over && mayGo && roots.remove(root)) {
        gone += root.bytes();
      }
    }
    return gone;
  }

  /// Removes an unpacked image that nobody uses, with the blobs that no other one is made of.
  ///
  /// @return false when somebody uses it, or it is gone
  public boolean remove(Roots.Entry root) throws IOException {
    Set<String> blobs = roots.blobs(root);
    if (!roots.remove(root)) {
      return false;
    }
    removeUnused(blobs);
    return true;
  }

  /// Removes blobs of a repository that no unpacked image is made of.
  public void remove(String origin, List<Digest> blobs) throws IOException {
    Set<String> names = new HashSet<>();
    blobs.forEach(blob -> names.add(Blobs.name(origin, blob)));
    removeUnused(names);
  }

  private void removeUnused(Set<String> names) throws IOException {
    for (Roots.Entry root : roots.all()) {
      names.removeAll(roots.blobs(root));
    }
    blobs.remove(names);
  }

  static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  /// Called once by each who opened it; the last one gives up all leases, and what this process was
  /// making is removed.
  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(folder);
        end();
      }
    }
  }

  private void end() throws IOException {
    roots.close();
    Trees.delete(work);
    Files.deleteIfExists(lock(work));
    alive.close();
    locks.close();
  }
}
