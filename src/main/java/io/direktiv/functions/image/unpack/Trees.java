package io.direktiv.functions.image.unpack;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;

/// Removes folders with all that is in them, never following a link.
public final class Trees {
  private static final int OWNER_ALL = 0700;

  private Trees() {}

  /// Removes `path`, be it a file, a link or a folder, if it is there.
  public static void delete(Path path) throws IOException {
    delete(path, _ -> {});
  }

  /// The same; `folders` is told each folder that is gone.
  static void delete(Path path, Consumer<Path> folders) throws IOException {
    try {
      Files.walkFileTree(path, new Deletion(folders));
    } catch (NoSuchFileException _) {
      // Gone already.
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    private final Consumer<Path> folders;

    private Deletion(Consumer<Path> folders) {
      this.folders = folders;
    }

    /// An image may have folders that even their owner may not list: such a one is opened.
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
      boolean isClosed =
          failure instanceof AccessDeniedException
              && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
              && !Files.isReadable(path);
      if (!isClosed) {
        throw failure;
      }
      Files.setAttribute(path, "unix:mode", OWNER_ALL);
      delete(path, folders);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(folder)) {
        Files.setAttribute(folder, "unix:mode", OWNER_ALL, LinkOption.NOFOLLOW_LINKS);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      folders.accept(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
