package io.direktiv.functions.oci;

import io.direktiv.functions.data.DataFolder;
import io.direktiv.functions.oci.disk.Disks;
import io.direktiv.functions.oci.network.Resolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folders of one sandbox on this machine.
///
/// ```
///   bundle/   config.json, the pipes of stdin, stdout and stderr: on a file system in memory
///   bundle/root   where the overlay is mounted
///   disk/     a file system of a limited size, where that can be had (Disks)
///             upper, work: what the sandbox writes; data: its data folder
/// ```
///
/// @param rights how its files are given to the sandbox
/// @param bundle may be entered by this user and the sandbox's root, whose files are shown in it
/// @param disk may be entered by this user only
record Workspace(Rights rights, Path bundle, Path disk) {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
  private static final Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FREE_FOR_ALL =
      PosixFilePermissions.fromString("rwxrwxrwx");
  private static final Set<PosixFilePermission> READ_BY_ALL =
      PosixFilePermissions.fromString("rw-r--r--");

  Path root() {
    return bundle.resolve("root");
  }

  Path data() {
    return disk.resolve("data");
  }

  Path upper() {
    return disk.resolve("upper");
  }

  Path work() {
    return disk.resolve("work");
  }

  Path pidFile() {
    return bundle.resolve("pid");
  }

  /// The number of the sandbox's first process, once the sandbox was made.
  int pid() throws IOException {
    return Integer.parseInt(Files.readString(pidFile(), StandardCharsets.US_ASCII).strip());
  }

  /// What the sandbox sees as `/etc/hosts`.
  Path hosts() {
    return bundle.resolve("hosts");
  }

  /// What the sandbox sees as `/etc/resolv.conf`.
  Path resolver() {
    return bundle.resolve("resolv.conf");
  }

  Path toolLog() {
    return bundle.resolve("tool.log");
  }

  Path pipe(String name) {
    return bundle.resolve(name);
  }

  /// Makes the folders, for an overlay over `lower`.
  ///
  /// @param diskBytes what may be written, 0 for no limit
  void make(Path lower, long diskBytes) throws IOException {
    Files.createDirectories(bundle);
    rights.letInto(bundle);
    Files.createDirectory(root());
    show(hosts(), "127.0.0.1 localhost sandbox\n::1 localhost sandbox\n");
    show(resolver(), Resolver.configuration());
    Files.createDirectories(disk);
    rights
        .disks()
        .give(disk, diskBytes)
        .ifPresent(reason ->
            LOG.atWarn()
                .addKeyValue("reason", reason)
                .log(
                    "what a sandbox writes to the disk is not limited on this machine, only the"
                        + " size of each file"));
    for (Path folder : List.of(upper(), work(), data())) {
      rights.give(Files.createDirectory(folder));
    }
    Files.setPosixFilePermissions(data(), FREE_FOR_ALL);
    // The root folder itself is the image's: its mode and owner are kept.
    Files.setPosixFilePermissions(upper(), Files.getPosixFilePermissions(lower));
  }

  private static void show(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, READ_BY_ALL);
  }

  /// Through which files go in and come out.
  DataFolder files() {
    return new DataFolder(data(), rights::giveOpen);
  }

  /// Takes the mount away and removes everything; twice is fine.
  void remove() throws IOException {
    rights.uncover(this);
    Disks.remove(disk);
    delete(disk);
    delete(bundle);
  }

  /// Removes a folder without following a link or leaving its file system.
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          /// What another user than root left closed to itself is opened.
          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure)
              throws IOException {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || Files.isReadable(path)) {
              throw failure;
            }
            Files.setPosixFilePermissions(path, MINE);
            delete(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
              Files.setPosixFilePermissions(directory, MINE);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
