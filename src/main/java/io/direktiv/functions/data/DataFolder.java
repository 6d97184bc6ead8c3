package io.direktiv.functions.data;

import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A sandbox's data folder where it lies on this machine.
///
/// Whoever runs in the sandbox may be hostile. So files are put in before its first process begins,
/// and what it left is read only after its last one has ended, without following links, and never
/// more than was asked for.
///
/// @param owner gives what is made to the sandbox's user
public record DataFolder(Path folder, Owner owner) {
  private static final Set<PosixFilePermission> READ_BY_ALL =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> RUN_BY_ALL =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FREE_FOR_ALL =
      PosixFilePermissions.fromString("rwxrwxrwx");
  // S_IFMT, S_IFIFO, S_IFLNK of inode(7).
  private static final int FORMAT = 0170000;
  private static final int PIPE = 0010000;

  /// Gives a file to a sandbox.
  public interface Owner {
    void give(Path path) throws IOException;
  }

  /// Writes the files that the sandbox finds.
  public void put(Map<String, GivenFile> files) throws IOException {
    for (Map.Entry<String, GivenFile> file : new TreeMap<>(files).entrySet()) {
      Path path = folder.resolve(file.getKey());
      switch (file.getValue()) {
        case GivenFile.Folder() -> {
          Files.createDirectory(path);
          own(path, FREE_FOR_ALL);
        }
        case GivenFile.Content(byte[] bytes, boolean isExecutable) -> {
          Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
          own(path, isExecutable ? RUN_BY_ALL : READ_BY_ALL);
        }
      }
    }
  }

  private void own(Path path, Set<PosixFilePermission> permissions) throws IOException {
    Files.setPosixFilePermissions(path, permissions);
    owner.give(path);
  }

  /// Reads what the sandbox left; only when none of its processes runs any more.
  ///
  /// @param wanted paths with the most bytes of each; one that ends with a slash is a folder's
  public Map<String, SandboxFile> left(Map<String, Integer> wanted) throws IOException {
    Map<String, SandboxFile> files = new HashMap<>();
    for (Map.Entry<String, Integer> file : wanted.entrySet()) {
      String path = file.getKey();
      Optional<SandboxFile> left =
          path.endsWith("/")
              ? folder(path.substring(0, path.length() - 1), file.getValue())
              : file(folder.resolve(path), file.getValue());
      left.ifPresent(content -> files.put(path, content));
    }
    return files;
  }

  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private static Optional<SandboxFile> file(Path path, int limit) throws IOException {
    Optional<BasicFileAttributes> attributes = attributes(path);
    if (attributes.isEmpty()) {
      return Optional.empty();
    }
    if (!attributes.get().isRegularFile()) {
      return Optional.of(new SandboxFile.NotAFile(kind(path, attributes.get())));
    }
    return Optional.of(
        attributes.get().size() > limit
            ? new SandboxFile.TooLarge(limit)
            : new SandboxFile.Content(read(path, limit)));
  }

  private static byte[] read(Path path, int most) throws IOException {
    try (InputStream in =
        Channels.newInputStream(
            Files.newByteChannel(
                path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
      return in.readNBytes(most);
    }
  }

  private static String kind(Path path, BasicFileAttributes attributes) throws IOException {
    if (attributes.isDirectory()) {
      return "a directory";
    }
    if (attributes.isSymbolicLink()) {
      return "a symbolic link";
    }
    return isPipe(path) ? "a named pipe" : "a special file";
  }

  private static boolean isPipe(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & FORMAT) == PIPE;
  }

  /// An archive of the folder at `path`; empty when there is none, or something above it is no
  /// folder.
  private Optional<SandboxFile> folder(String path, int limit) throws IOException {
    Path at = folder;
    for (String name : path.split("/")) {
      if (attributes(at).filter(BasicFileAttributes::isDirectory).isEmpty()) {
        return Optional.empty();
      }
      at = at.resolve(name);
    }
    Optional<BasicFileAttributes> attributes = attributes(at);
    if (attributes.isEmpty()) {
      return Optional.empty();
    }
    if (!attributes.get().isDirectory()) {
      return Optional.of(new SandboxFile.NotAFile(kind(at, attributes.get())));
    }
    try {
      return Optional.of(archive(at, limit));
    } catch (FileSystemException _) {
      return Optional.of(new SandboxFile.NotAFile("a folder that cannot be read"));
    }
  }

  private static SandboxFile archive(Path root, int limit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Archiver archiver;
    try (TarWriter tar = new TarWriter(bytes)) {
      archiver = new Archiver(root, limit, tar);
      Files.walkFileTree(root, archiver);
    }
    return archiver.isTooLarge
        ? new SandboxFile.TooLarge(limit)
        : new SandboxFile.Archive(bytes.toByteArray());
  }

  /// Puts a folder into an archive until that has too many bytes or entries. Links are told and not
  /// followed.
  private static final class Archiver extends SimpleFileVisitor<Path> {
    private final Path root;
    private final int limit;
    private final TarWriter tar;
    private long bytes;
    private int entries;
    private boolean isTooLarge;

    private Archiver(Path root, int limit, TarWriter tar) {
      this.root = root;
      this.limit = limit;
      this.tar = tar;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
        throws IOException {
      if (path.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      if (!hasRoom(0)) {
        return FileVisitResult.TERMINATE;
      }
      tar.folder(name(path), GivenFile.FOLDER_MODE);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      boolean isFile = attributes.isRegularFile();
      if (!hasRoom(isFile ? attributes.size() : 0)) {
        return FileVisitResult.TERMINATE;
      }
      if (isFile) {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        tar.file(name(path), mode & 0777, read(path, (int) attributes.size()));
      } else {
        tar.bare(name(path), attributes.isSymbolicLink() ? '2' : isPipe(path) ? '6' : '3');
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path path) {
      return root.relativize(path).toString();
    }

    private boolean hasRoom(long size) {
      entries++;
      bytes += size > limit ? size : TarWriter.size(size);
      isTooLarge = bytes > limit || entries > Limits.ENTRIES_MAX;
      return !isTooLarge;
    }
  }
}
