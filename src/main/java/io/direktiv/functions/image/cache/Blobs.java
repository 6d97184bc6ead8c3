package io.direktiv.functions.image.cache;

import io.direktiv.functions.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Blobs as they came:
///
/// ```
/// ORIGIN/DIGEST        a blob, all of it; ORIGIN is a hash of the repository's name
/// ORIGIN/DIGEST.part   as much of it as came until now
/// ```
///
/// They lie apart for each repository: one that only claims a digest, which anybody can read in a
/// manifest, gets no bytes that another one sent.
public final class Blobs {
  private static final String PART = ".part";
  private static final Pattern WORK_PART =
      Pattern.compile("([0-9a-f]{32})_([0-9a-f]{64,128})\\.part");
  private static final Duration PART_TIME = Duration.ofDays(1);

  private final Path folder;
  private final Path work;
  private final Turns<Path> fetching = new Turns<>();

  Blobs(Path folder, Path work) {
    this.folder = folder;
    this.work = work;
  }

  /// Removes parts that nobody went on with.
  void sweep() throws IOException {
    Instant old = Instant.now().minus(PART_TIME);
    for (Path file : files()) {
      if (file.toString().endsWith(PART) && usedAt(file) < old.toEpochMilli()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Keeps what a dead process fetched in part.
  void salvage(Path dead) throws IOException {
    for (Path file : Cache.list(dead)) {
      Matcher name = WORK_PART.matcher(file.getFileName().toString());
      if (name.matches()) {
        Path place = Files.createDirectories(folder.resolve(name.group(1)));
        moveIfThere(file, place.resolve(name.group(2) + PART));
      }
    }
  }

  /// What the blob of a repository is called.
  static String name(String origin, Digest digest) {
    String place = Digest.of(origin.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    return place + "/" + digest.hex();
  }

  /// Removes blobs, by their names; what is being read stays until that ends.
  void remove(Set<String> names) throws IOException {
    for (String name : names) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  /// Fetches a blob into a file.
  public interface Fetch<E extends Exception> {
    /// Goes on with what stands in `file`, flushes it and has checked its digest.
    void into(Path file) throws E, IOException, InterruptedException;
  }

  /// The blob of a repository; fetched unless it is here. Threads that want the same one wait for
  /// the first; two processes fetch it each for itself, and one of the two stays.
  ///
  /// It is fetched into a file of this process alone, which begins with what an earlier attempt
  /// left and is left for the next one, unless it was the disk that failed: then its room is given
  /// back.
  ///
  /// @return a link of the caller's own, to be deleted after use: the blob itself may be evicted
  ///   meanwhile, by this process or another
  public <E extends Exception> Path get(String origin, Digest digest, Fetch<E> fetch)
      throws E, IOException, InterruptedException {
    Path blob = folder.resolve(name(origin, digest));
    Files.createDirectories(blob.getParent());
    return fetching.<Path, E>alone(
        blob,
        () -> {
          Path link = work.resolve(UUID.randomUUID().toString());
          if (!isLinked(link, blob)) {
            fetch(link, blob, fetch);
          }
          return link;
        });
  }

  /// True when a blob is here; it counts as used now.
  private static boolean isLinked(Path link, Path blob) throws IOException {
    try {
      Files.createLink(link, blob);
      Files.setLastModifiedTime(link, FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private <E extends Exception> void fetch(Path link, Path blob, Fetch<E> fetch)
      throws E, IOException, InterruptedException {
    Path part = blob.resolveSibling(blob.getFileName() + PART);
    Path file = work.resolve(blob.getParent().getFileName() + "_" + part.getFileName());
    moveIfThere(part, file);
    try {
      fetch.into(file);
      Files.createLink(link, file);
      Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
      Durable.syncFolder(blob.getParent());
    } catch (IOException e) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(link);
      throw e;
    } finally {
      moveIfThere(file, part);
    }
  }

  private static void moveIfThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException _) {
      // Nothing is left.
    }
  }

  /// Removes what was used the longest time ago; parts that somebody goes on with do not lie here.
  ///
  /// @param wanted bytes that should go
  /// @return the bytes that are gone
  long shrink(long wanted) throws IOException {
    List<Path> oldest = new ArrayList<>(files());
    oldest.sort(Comparator.comparingLong(Blobs::usedAt));
    long gone = 0;
    for (Path blob : oldest) {
      long size = size(blob);
      if (gone < wanted && Files.deleteIfExists(blob)) {
        gone += size;
      }
    }
    return gone;
  }

  long bytes() throws IOException {
    long sum = 0;
    for (Path file : files()) {
      sum += size(file);
    }
    return sum;
  }

  private static long usedAt(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException _) {
      return 0;
    }
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException _) {
      return 0;
    }
  }

  private List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path origin : Cache.list(folder)) {
      found.addAll(Cache.list(origin));
    }
    return found;
  }
}
