package io.direktiv.store.sql;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Makes folders and files that only their owner reads, whatever the umask says: a data folder
/// holds inputs, outputs and variables in the clear. SQLite gives its journals the mode of the
/// database.
///
/// What exists already keeps its mode, which is the operator's.
final class OwnerOnly {
  private OwnerOnly() {}

  static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, mode(folder, "rwx------"));
  }

  static void createFile(Path file) throws IOException {
    try {
      Files.createFile(file, mode(file, "rw-------"));
    } catch (FileAlreadyExistsException _) {
      // It keeps its mode.
    }
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    boolean hasModes = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return hasModes
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
