package io.direktiv.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// The folder for what lives no longer than a server's sandboxes: in memory, where there is one.
///
/// Root has `/run/direktiv`, which everybody may enter, since its sandboxes are other users. Any
/// other user has `$XDG_RUNTIME_DIR/direktiv`, or a folder of its own among the temporary files,
/// where others may have been before: it is used only when nobody else can change what is in it.
final class RunFolder {
  private static final Path ROOTS = Path.of("/run/direktiv");
  private static final Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rwx------");

  private RunFolder() {}

  /// @param environment where `XDG_RUNTIME_DIR` may be
  static Path of(boolean isRoot, Map<String, String> environment) throws IOException {
    if (isRoot) {
      return ROOTS;
    }
    Object self = uid(Path.of("/proc/self/status"));
    String given = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (given.startsWith("/") && Files.isWritable(Path.of(given))) {
      return mine(Path.of(given, "direktiv"), self);
    }
    return mine(Path.of(System.getProperty("java.io.tmpdir"), "direktiv-" + self), self);
  }

  private static Path mine(Path folder, Object self) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(MINE));
    } catch (FileAlreadyExistsException _) {
      // A server before this one made it, or somebody else did.
    }
    Set<PosixFilePermission> others =
        EnumSet.copyOf(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
    others.removeAll(MINE);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        || !uid(folder).equals(self)
        || !others.isEmpty()) {
      throw new IOException(
          "the folder "
              + folder
              + " for sandboxes is not this user's alone; remove it, or set XDG_RUNTIME_DIR to a"
              + " folder that is");
    }
    return folder;
  }

  private static Object uid(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
