package io.direktiv.functions.oci.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// The Linux system calls that disks need. Safe for use by many threads.
///
/// What lasts is told by an [UnableException]. Sources: `loop(4)`, `mount(2)`, `lseek(2)`,
/// `statfs(2)`, and `linux/loop.h` for the structures.
final class Calls {
  private static final int OPEN_CLOSED_ON_EXEC = 0x80000;
  private static final int READ_WRITE = 2;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final long NO_SUID_NO_DEVICES_NO_ACCESS_TIMES = 2 | 4 | 1024;

  /// Nothing of it has to survive a crash: without barriers nothing waits for this machine's disk.
  private static final String MOUNT_OPTIONS = "noinit_itable,nobarrier";

  private static final int MNT_DETACH = 2;
  private static final long LOOP_CONFIGURE = 0x4C0A;
  private static final long LOOP_CTL_GET_FREE = 0x4C82;
  private static final long LOOP_CONFIG_BYTES = 304;
  private static final long LOOP_CONFIG_FLAGS = 60;
  private static final int LO_FLAGS_AUTOCLEAR = 4;
  private static final long STATFS_BYTES = 120;
  private static final long STATFS_BLOCK_BYTES = 8;
  private static final long STATFS_AVAILABLE = 32;
  private static final long STATFS_FREE_FILES = 48;
  private static final int ENXIO = 6;
  private static final int EBUSY = 16;

  /// `EPERM`, `ENXIO`, `EACCES`, `ENODEV`, `EINVAL`, `ENOTTY`, `ENOSYS` and `EOPNOTSUPP`: not
  /// permitted, not in this kernel, or not known to it.
  private static final Set<Integer> LASTING = Set.of(1, ENXIO, 13, 19, 22, 25, 38, 95);

  private static final int TRIES = 100;

  private static final Path CONTROL = Path.of("/dev/loop-control");

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker.Option WITH_ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

  private static final MethodHandle OPEN =
      handle("open", INT, Linker.Option.firstVariadicArg(2), POINTER, INT);
  private static final MethodHandle IOCTL =
      handle("ioctl", INT, Linker.Option.firstVariadicArg(2), INT, LONG, POINTER);
  private static final MethodHandle CLOSE = handle("close", INT, WITH_ERRNO, INT);
  private static final MethodHandle LSEEK = handle("lseek", LONG, WITH_ERRNO, INT, LONG, INT);
  private static final MethodHandle MOUNT =
      handle("mount", INT, WITH_ERRNO, POINTER, POINTER, POINTER, LONG, POINTER);
  private static final MethodHandle UMOUNT = handle("umount2", INT, WITH_ERRNO, POINTER, INT);
  private static final MethodHandle STATFS = handle("statfs", INT, WITH_ERRNO, POINTER, POINTER);
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LIBC.findOrThrow("strerror"),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Calls() {}

  private static MethodHandle handle(
      String name, MemoryLayout result, Linker.Option option, MemoryLayout... parameters) {
    Linker.Option[] options =
        option == WITH_ERRNO
            ? new Linker.Option[] {WITH_ERRNO}
            : new Linker.Option[] {WITH_ERRNO, option};
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name), FunctionDescriptor.of(result, parameters), options);
  }

  @FunctionalInterface
  private interface Body {
    long run(MemorySegment state, Arena arena) throws Throwable;
  }

  /// What `body` gives, or the kernel's error as a negative number.
  private static long tried(Body body) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = body.run(state, arena);
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long checked(String what, Body body) throws IOException {
    long result = tried(body);
    if (result < 0) {
      throw failure(what, (int) -result);
    }
    return result;
  }

  private static IOException failure(String what, int errno) {
    String message = what + ": " + words(errno);
    return LASTING.contains(errno) ? new UnableException(message) : new IOException(message);
  }

  private static String words(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static int open(String path, int flags) throws IOException {
    return (int)
        checked(
            "open " + path,
            (state, arena) ->
                (int)
                    OPEN.invokeExact(state, arena.allocateFrom(path), flags | OPEN_CLOSED_ON_EXEC));
  }

  private static void close(int file) {
    tried((state, _) -> (int) CLOSE.invokeExact(state, file));
  }

  /// The parts of a sparse file that hold data.
  interface Extents {
    /// Takes the part from `from` to `to`, which is not in it.
    void take(long from, long to) throws IOException;
  }

  /// Shows `extents` the parts of `path` that are not holes.
  static void extents(Path path, Extents extents) throws IOException {
    int file = open(path.toString(), 0);
    try {
      long from = seek(file, 0, SEEK_DATA);
      while (from >= 0) {
        long to = seek(file, from, SEEK_HOLE);
        extents.take(from, to);
        from = seek(file, to, SEEK_DATA);
      }
    } finally {
      close(file);
    }
  }

  private static long seek(int file, long from, int what) throws IOException {
    long found = tried((state, _) -> (long) LSEEK.invokeExact(state, file, from, what));
    if (found < 0 && found != -ENXIO) {
      throw failure("lseek", (int) -found);
    }
    return found;
  }

  /// Mounts the ext4 file system in `image` at `folder`. Its loop device goes with the mount.
  static void mountImage(Path image, Path folder) throws IOException {
    int file = open(image.toString(), READ_WRITE);
    try {
      for (int i = 0; ; i++) {
        String device = "/dev/loop" + freeDevice();
        int loop = openDevice(device);
        try {
          long result = configure(loop, file);
          if (result >= 0) {
            mount(device, folder);
            return;
          }
          // Another process was faster to take it.
          if (result != -EBUSY || i == TRIES) {
            throw failure("loop device " + device, (int) -result);
          }
        } finally {
          close(loop);
        }
      }
    } finally {
      close(file);
    }
  }

  /// In a container the devices may be those that there were when it was made.
  private static int openDevice(String device) throws IOException {
    if (Files.notExists(Path.of(device))) {
      throw new UnableException("there is no loop device " + device);
    }
    return open(device, READ_WRITE);
  }

  private static long freeDevice() throws IOException {
    if (Files.notExists(CONTROL)) {
      throw new UnableException("there are no loop devices (" + CONTROL + ")");
    }
    int control = open(CONTROL.toString(), READ_WRITE);
    try {
      return checked(
          "a loop device",
          (state, _) ->
              (int) IOCTL.invokeExact(state, control, LOOP_CTL_GET_FREE, MemorySegment.NULL));
    } finally {
      close(control);
    }
  }

  private static long configure(int loop, int file) {
    return tried((state, arena) -> {
      MemorySegment config = arena.allocate(LOOP_CONFIG_BYTES, 8);
      config.set(ValueLayout.JAVA_INT, 0, file);
      config.set(ValueLayout.JAVA_INT, LOOP_CONFIG_FLAGS, LO_FLAGS_AUTOCLEAR);
      return (int) IOCTL.invokeExact(state, loop, LOOP_CONFIGURE, config);
    });
  }

  private static void mount(String device, Path folder) throws IOException {
    checked(
        "mount " + device + " at " + folder,
        (state, arena) ->
            (int)
                MOUNT.invokeExact(
                    state,
                    arena.allocateFrom(device),
                    arena.allocateFrom(folder.toString()),
                    arena.allocateFrom("ext4"),
                    NO_SUID_NO_DEVICES_NO_ACCESS_TIMES,
                    arena.allocateFrom(MOUNT_OPTIONS)));
  }

  /// Takes a mount away, at once for new uses and in the end for those under way.
  static void unmount(Path folder) throws IOException {
    checked(
        "unmount " + folder,
        (state, arena) ->
            (int) UMOUNT.invokeExact(state, arena.allocateFrom(folder.toString()), MNT_DETACH));
  }

  /// What is free on a file system.
  ///
  /// @param bytes for users that are not root
  record Free(long bytes, long files) {}

  /// What is free on the file system at `path`.
  static Free free(Path path) throws IOException {
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment found = memory.allocate(STATFS_BYTES, 8);
      checked(
          "statfs " + path,
          (state, arena) ->
              (int) STATFS.invokeExact(state, arena.allocateFrom(path.toString()), found));
      return new Free(
          found.get(ValueLayout.JAVA_LONG, STATFS_AVAILABLE)
              * found.get(ValueLayout.JAVA_LONG, STATFS_BLOCK_BYTES),
          found.get(ValueLayout.JAVA_LONG, STATFS_FREE_FILES));
    }
  }
}
