package io.direktiv.functions.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A file, folder or whatever else was at a path when it was opened. What is done through [#path]
/// is done to that, whoever puts something else at its old path meanwhile.
///
/// It is opened as a mere place (`O_PATH`), so that a pipe or a device that lies there is not
/// touched and nothing blocks. Source: `open(2)`.
final class Pinned implements AutoCloseable {
  /// `O_PATH | O_NOFOLLOW | O_CLOEXEC`.
  private static final int PLACE = 0x200000 | 0x20000 | 0x80000;

  // S_IFMT and its kinds, of inode(7).
  private static final int FORMAT = 0170000;
  private static final int FILE = 0100000;
  private static final int FOLDER = 0040000;
  private static final int LINK = 0120000;
  private static final int PIPE = 0010000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LIBC.findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LIBC.findOrThrow("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, INT));

  private final int file;
  private final int mode;

  private Pinned(int file) throws IOException {
    this.file = file;
    this.mode = (int) Files.getAttribute(path(), "unix:mode");
  }

  /// What is at `path`, whose last name alone may be a link and is not followed.
  ///
  /// @throws NoSuchFileException when there is nothing, or it cannot be had
  static Pinned at(Path path) throws IOException {
    int file;
    try (Arena arena = Arena.ofConfined()) {
      file = (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), PLACE);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (file < 0) {
      throw new NoSuchFileException(path.toString());
    }
    return new Pinned(file);
  }

  /// What is called `name` in this folder; empty when nothing is, or this is no folder.
  Optional<Pinned> in(String name) throws IOException {
    try {
      return Optional.of(at(path().resolve(name)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// A path to it, as long as this is open.
  Path path() {
    return Path.of("/proc/self/fd/" + file);
  }

  boolean isFile() {
    return (mode & FORMAT) == FILE;
  }

  boolean isFolder() {
    return (mode & FORMAT) == FOLDER;
  }

  boolean isLink() {
    return (mode & FORMAT) == LINK;
  }

  boolean isPipe() {
    return (mode & FORMAT) == PIPE;
  }

  /// Who may read, write and run it, as three octal digits.
  int permissions() {
    return mode & 0777;
  }

  /// What it is, as messages say it.
  String kind() {
    return isFile()
        ? "a file"
        : isFolder()
            ? "a directory"
            : isLink() ? "a symbolic link" : isPipe() ? "a named pipe" : "a special file";
  }

  /// Its bytes.
  long size() throws IOException {
    return isLink() ? 0 : Files.size(path());
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(file);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
