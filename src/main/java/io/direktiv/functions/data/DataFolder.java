package io.direktiv.functions.data;

import io.direktiv.functions.SandboxFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A sandbox's data folder, or one in it, where it lies on this machine.
///
/// Whoever runs in the sandbox may be hostile, and may run while files are put in and taken out. So
/// each step goes through what was opened in the step before ([Pinned]): no link is followed, and
/// never more is read than was asked for.
///
/// @param owner gives what is made to the sandbox's user
public record DataFolder(Path folder, Owner owner) {
  private static final Set<PosixFilePermission> READ_BY_ALL =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> RUN_BY_ALL =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FREE_FOR_ALL =
      PosixFilePermissions.fromString("rwxrwxrwx");

  /// Gives a file to a sandbox.
  public interface Owner {
    /// Gives what is open at `path`, one below `/proc/self/fd`.
    void give(Path path) throws IOException;
  }

  /// Writes the files that the sandbox finds.
  public void put(Map<String, GivenFile> files) throws IOException {
    try (Pinned root = Pinned.at(folder)) {
      put(root, files);
    }
  }

  private void put(Pinned root, Map<String, GivenFile> files) throws IOException {
    for (Map.Entry<String, GivenFile> file : new TreeMap<>(files).entrySet()) {
      List<String> names = List.of(file.getKey().split("/"));
      String name = names.getLast();
      Optional<Pinned> above = walked(root, names.subList(0, names.size() - 1));
      if (above.isEmpty()) {
        throw new FileSystemException(file.getKey(), null, "what is above it is no folder");
      }
      try (Pinned parent = above.get()) {
        Path path = parent.path().resolve(name);
        switch (file.getValue()) {
          case GivenFile.Folder() -> {
            Files.createDirectory(path);
            own(parent, name, FREE_FOR_ALL);
          }
          case GivenFile.Content(byte[] bytes, boolean isExecutable) -> {
            Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
            own(parent, name, isExecutable ? RUN_BY_ALL : READ_BY_ALL);
          }
        }
      }
    }
  }

  /// What was just made may have been swapped for a link, to which permissions cannot be given.
  private void own(Pinned parent, String name, Set<PosixFilePermission> permissions)
      throws IOException {
    try (Pinned made = Pinned.at(parent.path().resolve(name))) {
      Files.setPosixFilePermissions(made.path(), permissions);
      owner.give(made.path());
    }
  }

  /// The folder below `root` that `names` lead to; empty when one of them is no folder.
  static Optional<Pinned> walked(Pinned root, List<String> names) throws IOException {
    Pinned at = Pinned.at(root.path().resolve("."));
    for (String name : names) {
      Optional<Pinned> next;
      try (Pinned above = at) {
        next = above.in(name);
      }
      if (next.isEmpty()) {
        return Optional.empty();
      }
      at = next.get();
      if (!at.isFolder()) {
        at.close();
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  /// Reads what the sandbox left.
  ///
  /// @param wanted paths with the most bytes of each; one that ends with a slash is a folder's
  public Map<String, SandboxFile> left(Map<String, Integer> wanted) throws IOException {
    Map<String, SandboxFile> files = new HashMap<>();
    try (Pinned root = Pinned.at(folder)) {
      for (Map.Entry<String, Integer> file : wanted.entrySet()) {
        String path = file.getKey();
        left(root, path, file.getValue()).ifPresent(content -> files.put(path, content));
      }
    } catch (NoSuchFileException _) {
      // It is gone, and everything with it.
      return Map.of();
    }
    return files;
  }

  private static Optional<SandboxFile> left(Pinned root, String path, int limit)
      throws IOException {
    List<String> names = List.of(path.split("/"));
    Optional<Pinned> above = walked(root, names.subList(0, names.size() - 1));
    if (above.isEmpty()) {
      return Optional.empty();
    }
    Optional<Pinned> found;
    try (Pinned parent = above.get()) {
      found = parent.in(names.getLast());
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Pinned entry = found.get()) {
      return Optional.of(path.endsWith("/") ? folder(entry, limit) : file(entry, limit));
    }
  }

  private static SandboxFile file(Pinned entry, int limit) throws IOException {
    if (!entry.isFile()) {
      return new SandboxFile.NotAFile(entry.kind());
    }
    byte[] bytes = read(entry, limit + 1);
    return bytes.length > limit ? new SandboxFile.TooLarge(limit) : new SandboxFile.Content(bytes);
  }

  /// The first bytes of a file, `most` of them.
  static byte[] read(Pinned file, int most) throws IOException {
    if (file.size() > most) {
      return new byte[most];
    }
    try (InputStream in = Files.newInputStream(file.path())) {
      return in.readNBytes(most);
    }
  }

  private static SandboxFile folder(Pinned entry, int limit) throws IOException {
    if (!entry.isFolder()) {
      return new SandboxFile.NotAFile(entry.kind());
    }
    try {
      return new Archiver(limit).archive(entry);
    } catch (FileSystemException _) {
      return new SandboxFile.NotAFile("a folder that cannot be read");
    }
  }
}
