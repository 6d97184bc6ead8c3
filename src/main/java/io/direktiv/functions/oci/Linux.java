package io.direktiv.functions.oci;

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
import java.nio.file.Path;

/// The Linux system calls that the JDK has no name for. Safe for use by many threads.
///
/// Each throws an [IOException] with the call, its subject and the kernel's words. Sources: the
/// manual pages of section 2.
final class Linux {
  /// `MS_NOSUID | MS_NODEV`.
  static final long NO_SUID_NO_DEVICES = 2 | 4;

  private static final int MNT_DETACH = 2;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final long SIGINFO_BYTES = 128;
  private static final int EINTR = 4;
  private static final int ESRCH = 3;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

  private static final MethodHandle MOUNT = call("mount", POINTER, POINTER, POINTER, LONG, POINTER);
  private static final MethodHandle UMOUNT = call("umount2", POINTER, INT);
  private static final MethodHandle MKFIFO = call("mkfifo", POINTER, INT);
  private static final MethodHandle PRCTL = call("prctl", INT, LONG, LONG, LONG, LONG);
  private static final MethodHandle WAITID = call("waitid", INT, INT, POINTER, INT);
  private static final MethodHandle WAITPID = call("waitpid", INT, POINTER, INT);
  private static final MethodHandle KILL = call("kill", INT, INT);
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LIBC.findOrThrow("strerror"),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Linux() {}

  private static MethodHandle call(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters),
        Linker.Option.captureCallState("errno"));
  }

  @FunctionalInterface
  private interface Body {
    int run(MemorySegment state, Arena arena) throws Throwable;
  }

  private static int checked(String what, Body body) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      while (true) {
        int result = body.run(state, arena);
        int errno = (int) ERRNO.get(state, 0L);
        if (result >= 0) {
          return result;
        }
        if (errno != EINTR) {
          throw new LinuxException(what + ": " + words(errno), errno);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static String words(int errno) throws Throwable {
    MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
    return text.reinterpret(256).getString(0);
  }

  /// Mounts an overlay of `upper` over `lower` at `target`.
  static void mountOverlay(Path lower, Path upper, Path work, Path target) throws IOException {
    String options =
        "lowerdir=" + escaped(lower) + ",upperdir=" + escaped(upper) + ",workdir=" + escaped(work);
    checked(
        "mount overlay at " + target,
        (state, arena) ->
            (int)
                MOUNT.invokeExact(
                    state,
                    arena.allocateFrom("overlay"),
                    arena.allocateFrom(target.toString()),
                    arena.allocateFrom("overlay"),
                    NO_SUID_NO_DEVICES,
                    arena.allocateFrom(options)));
  }

  /// As the overlay file system reads its options: backslashes before what separates them.
  private static String escaped(Path path) {
    return path.toString().replaceAll("[\\\\:,]", "\\\\$0");
  }

  /// Takes a mount away, at once for new uses and in the end for those under way.
  static void unmount(Path target) throws IOException {
    checked(
        "unmount " + target,
        (state, arena) ->
            (int) UMOUNT.invokeExact(state, arena.allocateFrom(target.toString()), MNT_DETACH));
  }

  /// Makes a named pipe that only this user opens.
  static void makePipe(Path path) throws IOException {
    checked(
        "mkfifo " + path,
        (state, arena) ->
            (int) MKFIFO.invokeExact(state, arena.allocateFrom(path.toString()), 0600));
  }

  /// Makes this process the parent of its children's orphans, so that [#await] sees their end.
  static void adoptOrphans() throws IOException {
    checked(
        "prctl(PR_SET_CHILD_SUBREAPER)",
        (state, _) -> (int) PRCTL.invokeExact(state, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L));
  }

  /// Blocks until the child `pid` has ended, and leaves its end to [#collect]. Blocks the thread's
  /// carrier too: not for virtual threads.
  static void awaitEnd(int pid) throws IOException {
    checked(
        "waitid(" + pid + ")",
        (state, arena) ->
            (int)
                WAITID.invokeExact(
                    state, P_PID, pid, arena.allocate(SIGINFO_BYTES, 8), WEXITED | WNOWAIT));
  }

  /// The status of an ended child as `waitpid` gives it; from now on its number may be another's.
  static int collect(int pid) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      checked(
          "waitpid(" + pid + ")", (state, _) -> (int) WAITPID.invokeExact(state, pid, status, 0));
      return status.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /// Sends a signal; a process that has ended is fine.
  static void kill(int pid, int signal) throws IOException {
    try {
      checked("kill(" + pid + ")", (state, _) -> (int) KILL.invokeExact(state, pid, signal));
    } catch (LinuxException e) {
      if (e.errno() != ESRCH) {
        throw e;
      }
    }
  }

  /// A system call that failed.
  static final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    private LinuxException(String message, int errno) {
      super(message);
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }
}
