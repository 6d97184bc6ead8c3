package io.direktiv.functions.image.unpack;

import io.direktiv.functions.archive.TarReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/// To whom unpacked files belong: to the users that the layer names, shifted by a fixed number,
/// when this process is root; else all of them to this process, which is then root inside a
/// sandbox.
///
/// The bits for set-uid and set-gid of files are left out: a sandbox gains no privileges anyway,
/// and here they would be programs with the rights of a user of this machine.
///
/// @param shift what is added to user and group ids; 0 when sandboxes have no user namespace
/// @param isRoot whether this process may give files away
public record Owners(int shift, boolean isRoot) {
  private static final int IDS = 65_536;
  private static final int NOBODY = 65_534;
  private static final int PRIVILEGE_BITS = 06000;
  private static final long YEAR_9999_SECONDS = 253_402_300_799L;

  /// Owners for this process.
  public static Owners ofThisProcess(int shift) {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    return new Owners(isRoot ? shift : 0, isRoot);
  }

  /// Gives a file that was just made, and nobody else knows, to its owner.
  void applyToFile(Path file, TarReader.Owner owner) throws IOException {
    give(file, owner);
    Files.setAttribute(file, "unix:mode", owner.mode() & ~PRIVILEGE_BITS);
    time(file, owner);
  }

  /// Gives a folder to its owner.
  void applyToFolder(Path folder, TarReader.Owner owner) throws IOException {
    give(folder, owner);
    Files.setAttribute(folder, "unix:mode", owner.mode(), LinkOption.NOFOLLOW_LINKS);
    time(folder, owner);
  }

  /// Gives a symbolic link, not what it leads to, to its owner.
  void applyToLink(Path link, TarReader.Owner owner) throws IOException {
    give(link, owner);
  }

  private void give(Path path, TarReader.Owner owner) throws IOException {
    if (isRoot) {
      int uid = shifted(owner.uid());
      int gid = shifted(owner.gid());
      if (uid != 0) {
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      }
      if (gid != 0) {
        Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /// Ids that a sandbox's user namespace does not have belong to nobody.
  private int shifted(long id) {
    boolean isMapped = id >= 0 && id < (shift == 0 ? Integer.MAX_VALUE : IDS);
    return (int) (isMapped ? id : NOBODY) + shift;
  }

  private static void time(Path path, TarReader.Owner owner) throws IOException {
    long seconds = Math.clamp(owner.modifiedSeconds(), 0, YEAR_9999_SECONDS);
    FileTime time = FileTime.from(seconds, TimeUnit.SECONDS);
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, time, null);
  }
}
