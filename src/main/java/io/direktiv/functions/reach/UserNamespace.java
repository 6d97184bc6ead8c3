package io.direktiv.functions.reach;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A user namespace in which the user of this process is root, and has all rights over what is made
/// within. Made at its first use. Safe for use by many threads.
///
/// No process has to be in it: this process keeps it open, and programs of the same user enter it
/// by the name that the open file has. Sources: `user_namespaces(7)`, `unshare(1)`.
public final class UserNamespace implements AutoCloseable {
  private static final int READ_ONLY_CLOSED_ON_EXEC = 0x80000;
  private static final int WORDS_MAX = 500;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, INT));

  private int file = -1;
  private boolean isClosed;

  /// What stands before a command that is to run in it, as its root.
  ///
  /// @throws IOException when this machine does not let this user make one: the message says so in
  ///   the words of `unshare`
  public synchronized List<String> entering() throws IOException {
    if (isClosed) {
      throw new IOException("this runtime was closed");
    }
    if (file < 0) {
      file = make();
    }
    String name = "/proc/" + ProcessHandle.current().pid() + "/fd/" + file;
    return List.of("nsenter", "--user=" + name, "--preserve-credentials");
  }

  /// A shell in there says that it is there and waits until it was opened.
  private static int make() throws IOException {
    List<String> line =
        List.of("unshare", "--user", "--map-root-user", "sh", "-c", "echo here; read -r _");
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try {
      byte[] said = new byte[WORDS_MAX];
      int count = Math.max(0, process.getInputStream().read(said));
      String words = new String(said, 0, count, StandardCharsets.UTF_8).strip();
      if (!words.equals("here")) {
        throw new IOException(words.isEmpty() ? "unshare said nothing" : words);
      }
      return open(Path.of("/proc/" + process.pid() + "/ns/user"));
    } finally {
      process.destroyForcibly();
    }
  }

  private static int open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int file =
          (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), READ_ONLY_CLOSED_ON_EXEC);
      if (file < 0) {
        throw new IOException(path + " cannot be opened");
      }
      return file;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (file < 0) {
      return;
    }
    try {
      int _ = (int) CLOSE.invokeExact(file);
      file = -1;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
