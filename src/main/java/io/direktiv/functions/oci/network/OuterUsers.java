package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// The user namespace in which the user of this process is root and which rules over the network of
/// a sandbox: the sandbox's own, or the one around it when the sandbox's only user is not root.
///
/// No process need be left in the one around, so it is kept open here, and programs find it among
/// the open files of this process. Source: `ioctl_nsfs(2)`.
///
/// @param file where programs find it
/// @param descriptor what keeps it open, negative for none
record OuterUsers(Path file, int descriptor) implements AutoCloseable {
  private static final int O_CLOEXEC = 02000000;
  private static final long NS_GET_PARENT = 0xb702;
  private static final MethodHandle OPEN = call("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle IOCTL =
      call("ioctl", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
  private static final MethodHandle CLOSE = call("close", ValueLayout.JAVA_INT);

  private static MethodHandle call(String name, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  /// Those of the sandbox whose first process is `pid`.
  static OuterUsers of(int pid) throws IOException {
    Path own = Path.of("/proc/" + pid + "/ns/user");
    boolean hasRoot =
        Files.readString(Path.of("/proc/" + pid + "/uid_map")).strip().startsWith("0 ");
    if (hasRoot) {
      return new OuterUsers(own, -1);
    }
    int parent = parent(own);
    return new OuterUsers(
        Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + parent), parent);
  }

  private static int parent(Path namespace) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int own = (int) OPEN.invokeExact(arena.allocateFrom(namespace.toString()), O_CLOEXEC);
      int parent = (int) IOCTL.invokeExact(own, NS_GET_PARENT);
      int _ = (int) CLOSE.invokeExact(own);
      if (own < 0 || parent < 0) {
        throw new IOException("the kernel does not tell what is around " + namespace);
      }
      return parent;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isAround() {
    return descriptor >= 0;
  }

  @Override
  public void close() {
    if (isAround()) {
      try {
        int _ = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
