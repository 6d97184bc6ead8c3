package io.direktiv.functions.image.cache;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Puts things on the disk for good.
final class Durable {
  private Durable() {}

  /// Writes `bytes` to `file`: afterwards it has the new content or the old, also after a loss of
  /// power.
  static void write(Path file, byte[] bytes) throws IOException {
    Path fresh = Files.createTempFile(file.getParent(), "new-", "");
    try {
      Files.write(fresh, bytes);
      sync(fresh);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    syncFolder(file.getParent());
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /// Makes the names in `folder` last.
  static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Makes everything on the file system of `folder` last. An unpacked image is thousands of files:
  /// one `syncfs` for all of them, in place of an `fsync` for each.
  static void syncAll(Path folder) throws IOException {
    Optional<MethodHandle> open =
        handle("open", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    Optional<MethodHandle> syncfs = handle("syncfs", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    Optional<MethodHandle> close = handle("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    if (open.isEmpty() || syncfs.isEmpty() || close.isEmpty()) {
      // Not Linux, where containers do not run either.
      syncFolder(folder);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(folder.toString());
      int descriptor = (int) open.get().invokeExact(path, 0);
      if (descriptor < 0) {
        throw new IOException(folder + " cannot be opened");
      }
      int failure = (int) syncfs.get().invokeExact(descriptor);
      int _ = (int) close.get().invokeExact(descriptor);
      if (failure != 0) {
        throw new IOException("the disk of " + folder + " cannot be flushed");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<MethodHandle> handle(
      String name, ValueLayout result, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(symbol -> linker.downcallHandle(symbol, FunctionDescriptor.of(result, parameters)));
  }
}
