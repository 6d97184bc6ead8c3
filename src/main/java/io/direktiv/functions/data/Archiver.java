package io.direktiv.functions.data;

import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Puts a folder into an archive until that has too many bytes or entries. Links are told and not
/// followed. For one folder.
final class Archiver {
  private final int limit;
  private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
  private final TarWriter tar = new TarWriter(archive);
  private final Deque<String> folders = new ArrayDeque<>(List.of(""));
  private long bytes;
  private int entries;

  Archiver(int limit) {
    this.limit = limit;
  }

  /// The archive of `root`. Only one folder is open at a time, however deep they lie.
  SandboxFile archive(Pinned root) throws IOException {
    while (!folders.isEmpty()) {
      String path = folders.remove();
      Optional<Pinned> folder = walked(root, path);
      if (folder.isPresent()) {
        try (Pinned open = folder.get()) {
          if (!take(open, path)) {
            return new SandboxFile.TooLarge(limit);
          }
        }
      }
    }
    tar.close();
    return new SandboxFile.Archive(archive.toByteArray());
  }

  private static Optional<Pinned> walked(Pinned root, String path) throws IOException {
    return DataFolder.walked(root, path.isEmpty() ? List.of() : List.of(path.split("/")));
  }

  /// Takes what is in a folder; false when that is too much.
  private boolean take(Pinned folder, String path) throws IOException {
    for (String name : names(folder)) {
      Optional<Pinned> found = folder.in(name);
      if (found.isPresent()) {
        try (Pinned entry = found.get()) {
          if (!put(entry, path.isEmpty() ? name : path + "/" + name)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static List<String> names(Pinned folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.path())) {
      for (Path child : children) {
        if (names.size() > Limits.ENTRIES_MAX) {
          break;
        }
        names.add(child.getFileName().toString());
      }
    }
    names.sort(null);
    return names;
  }

  private boolean put(Pinned entry, String name) throws IOException {
    byte[] content = new byte[0];
    entries++;
    if (entry.isFile()) {
      int most = (int) Math.max(0, limit - bytes);
      content = DataFolder.read(entry, most + 1);
    }
    bytes += TarWriter.size(content.length);
    if (bytes > limit || entries > Limits.ENTRIES_MAX) {
      return false;
    }
    if (entry.isFolder()) {
      tar.folder(name, GivenFile.FOLDER_MODE);
      folders.add(name);
    } else if (entry.isFile()) {
      tar.file(name, entry.permissions(), content);
    } else {
      tar.bare(name, entry.isLink() ? '2' : entry.isPipe() ? '6' : '3');
    }
    return true;
  }
}
