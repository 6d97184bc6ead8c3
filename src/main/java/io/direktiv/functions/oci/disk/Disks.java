package io.direktiv.functions.oci.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Gives sandboxes disks of a limited size, where this machine can. Safe for use by many threads.
///
/// A disk is a file system of its own, in a file beside the folder where it is mounted: what is
/// written there takes bytes and files from that, and finds none left when they are used up. The
/// file takes only as much of this machine's disk as was written.
///
/// Loop devices or the right to use them are missing in many containers. When that shows before the
/// first disk was made, sandboxes go without, which the first caller is told. Whatever else is in
/// the way, such as a machine that has no device free, may pass: then one sandbox is not made.
public final class Disks {
  /// For processes that are not root, which may not mount.
  public static final Disks NONE = new Disks(false);

  private static final long FULL_BYTES = 64L << 10;

  private final Map<Long, Blank> blanks = new ConcurrentHashMap<>();
  private volatile boolean isAble;
  private volatile boolean isShown;

  private Disks(boolean isAble) {
    this.isAble = isAble;
  }

  /// Disks for a process that is root.
  public static Disks ofRoot() {
    return new Disks(true);
  }

  /// Mounts a disk of `bytes` at the empty folder `folder`, if there is to be one.
  ///
  /// @param bytes 0 for none
  /// @return why there is none and never will be, the first time that it should be there
  /// @throws IOException when there could be none this time
  public Optional<String> give(Path folder, long bytes) throws IOException {
    if (bytes == 0 || !isAble) {
      return Optional.empty();
    }
    try {
      mount(folder, bytes);
      isShown = true;
      return Optional.empty();
    } catch (IOException e) {
      Files.deleteIfExists(image(folder));
      if (e instanceof UnableException && !isShown) {
        return giveUp() ? Optional.of(e.getMessage()) : Optional.empty();
      }
      throw new IOException("it got no disk of its own: " + e.getMessage(), e);
    }
  }

  /// Makes no more disks; false when that was decided before.
  private synchronized boolean giveUp() {
    boolean isNews = isAble;
    isAble = false;
    return isNews;
  }

  private void mount(Path folder, long bytes) throws IOException {
    Path image = image(folder);
    blank(folder, bytes).copyTo(image);
    Calls.mountImage(image, folder);
  }

  private Blank blank(Path folder, long bytes) throws IOException {
    Blank blank = blanks.get(bytes);
    if (blank == null) {
      blank = Blank.make(folder.resolveSibling(folder.getFileName() + ".blank"), bytes);
      blanks.put(bytes, blank);
    }
    return blank;
  }

  private static Path image(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".ext4");
  }

  private static boolean isMounted(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && !Files.getAttribute(folder, "unix:dev")
            .equals(Files.getAttribute(folder.getParent(), "unix:dev"));
  }

  /// Takes the disk at `folder` away, if one is there; nobody uses it any more.
  public static void remove(Path folder) throws IOException {
    // First the file's name: then the kernel has no reason to write the rest of it to the disk.
    Files.deleteIfExists(image(folder));
    if (isMounted(folder)) {
      Calls.unmount(folder);
    }
  }

  /// True when a disk is at `folder` that has no room for another block or file.
  public static boolean isFull(Path folder) throws IOException {
    if (!isMounted(folder)) {
      return false;
    }
    Calls.Free free = Calls.free(folder);
    return free.bytes() < FULL_BYTES || free.files() == 0;
  }
}
