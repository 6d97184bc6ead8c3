package io.direktiv.store.sql;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/// Where SQLite's native part is unpacked to.
///
/// The driver unpacks it once in each process and deletes it when the process ends, but a process
/// that is killed deletes nothing. In the system's folder for temporary files each killed server
/// would leave 1 MB for ever; in the data folder the next start removes what the last one left.
final class NativeLibrary {
  /// The driver's own setting; an operator's choice is kept.
  private static final String FOLDER = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /// Unpacks it into the data folder, which this process has locked, unless it is loaded already.
  /// Where that is not possible (a full disk, a file system mounted with `noexec`), the driver
  /// unpacks it where it does without us.
  static void unpackInto(Path data) {
    boolean isOurs = false;
    try {
      Path folder = data.toAbsolutePath().resolve("native");
      OwnerOnly.createFolder(folder);
      sweep(folder);
      if (System.getProperty(FOLDER) == null && mayExecute(folder)) {
        isOurs = true;
        System.setProperty(FOLDER, folder.toString());
        SQLiteJDBCLoader.initialize();
      }
    } catch (Exception _) {
      if (isOurs) {
        System.clearProperty(FOLDER);
      }
    }
  }

  /// Asks the kernel, since the driver would log a failure with its stack trace.
  private static boolean mayExecute(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "sqlite-", "");
    try {
      return probe.toFile().setExecutable(true) && Files.isExecutable(probe);
    } finally {
      Files.delete(probe);
    }
  }

  /// What is loaded stays in memory without its file.
  private static void sweep(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }
}
