package io.direktiv.functions.data;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A folder in the data folder of a sandbox that runs, for one of the calls that it serves. Closing
/// it removes it.
///
/// The sandbox's processes may do with it what they want meanwhile. It is filled while nobody else
/// can enter it, read through what was opened ([Pinned]), and removed as far as they let it be:
/// what is left goes with the sandbox's disk.
public final class CallFolder implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final Pinned data;
  private final Pinned folder;
  private final DataFolder files;

  private CallFolder(String name, Pinned data, Pinned folder, DataFolder files) {
    this.name = name;
    this.data = data;
    this.folder = folder;
    this.files = files;
  }

  /// Makes one with `given` in the data folder that is at `parent`, whose owner it gets.
  public static CallFolder make(DataFolder parent, Map<String, GivenFile> given)
      throws IOException {
    Pinned data = Pinned.at(parent.folder());
    try {
      String name = "call-" + HexFormat.of().formatHex(randomBytes());
      Path path = data.path().resolve(name);
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Pinned folder = Pinned.at(path);
      CallFolder made =
          new CallFolder(
              name, data, folder, new DataFolder(folder.path().resolve("."), parent.owner()));
      made.fill(given, parent.owner());
      return made;
    } catch (IOException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private void fill(Map<String, GivenFile> given, DataFolder.Owner owner) throws IOException {
    try {
      if (!folder.isFolder()) {
        throw new FileSystemException(name, null, "it was replaced while it was made");
      }
      files.put(given);
      Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
      owner.give(folder.path());
    } catch (IOException | RuntimeException e) {
      remove();
      folder.close();
      throw e;
    }
  }

  /// Where the sandbox finds it.
  public String path() {
    return Sandbox.DATA + "/" + name;
  }

  /// Reads what is in it.
  ///
  /// @param wanted paths with the most bytes of each; one that ends with a slash is a folder's
  public Map<String, SandboxFile> left(Map<String, Integer> wanted) throws IOException {
    return files.left(wanted);
  }

  @Override
  public void close() {
    remove();
    folder.close();
    data.close();
  }

  private void remove() {
    try {
      new Remover().remove(folder);
      Files.deleteIfExists(data.path().resolve(name));
    } catch (IOException _) {
      // It goes with the sandbox.
    }
  }

  /// Removes what is in a folder: files and links at once, folders from the deepest up.
  private static final class Remover {
    private final Deque<List<String>> unseen = new ArrayDeque<>(List.of(List.of()));
    private final Deque<List<String>> emptied = new ArrayDeque<>();
    private int entries;

    void remove(Pinned root) throws IOException {
      while (!unseen.isEmpty()) {
        List<String> names = unseen.remove();
        Optional<Pinned> folder = DataFolder.walked(root, names);
        if (folder.isPresent()) {
          try (Pinned open = folder.get()) {
            empty(open, names);
          }
        }
      }
      for (List<String> names : emptied) {
        Optional<Pinned> above = DataFolder.walked(root, names.subList(0, names.size() - 1));
        if (above.isPresent()) {
          try (Pinned parent = above.get()) {
            Files.deleteIfExists(parent.path().resolve(names.getLast()));
          }
        }
      }
    }

    private void empty(Pinned folder, List<String> names) throws IOException {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.path())) {
        for (Path child : children) {
          String name = child.getFileName().toString();
          entries++;
          if (entries > Limits.REMOVED_MAX || names.size() >= Limits.DEPTH_MAX) {
            throw new IOException("there is too much to remove while the sandbox runs");
          }
          if (isFolder(folder, name)) {
            List<String> below = new ArrayList<>(names);
            below.add(name);
            unseen.add(below);
            emptied.push(below);
          } else {
            Files.deleteIfExists(child);
          }
        }
      }
    }

    private static boolean isFolder(Pinned parent, String name) throws IOException {
      Optional<Pinned> found = parent.in(name);
      if (found.isEmpty()) {
        return false;
      }
      try (Pinned entry = found.get()) {
        return entry.isFolder();
      }
    }
  }
}
