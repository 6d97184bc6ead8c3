package io.direktiv.functions.reach;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The network of another process of this machine, in which channels can be opened. Safe for use by
/// many threads.
///
/// A socket stays in the network namespace in which it was made, whoever uses it later. So a thread
/// of the platform enters the namespace, makes the socket and ends: it never has to find its way
/// back, and no other thread of this process is ever in there. Entering takes `CAP_SYS_ADMIN`.
/// Source: `setns(2)`.
public final class NetworkNamespace implements Entrance {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int READ_ONLY_CLOSED_ON_EXEC = 0x80000;
  private static final String LOOPBACK = "127.0.0.1";
  private static final int BACKLOG = 16;
  private static final int CONNECT_MILLIS = 5_000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LIBC.findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS = call("setns", INT, INT);
  private static final MethodHandle CLOSE = call("close", INT);

  private final int file;
  private boolean isClosed;

  private NetworkNamespace(int file) {
    this.file = file;
  }

  private static MethodHandle call(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  /// The network of the process `pid`, which stays reachable until this is closed even if the
  /// number is given to another process.
  public static NetworkNamespace of(long pid) throws IOException {
    String path = "/proc/" + pid + "/ns/net";
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) OPEN.invokeExact(arena.allocateFrom(path), READ_ONLY_CLOSED_ON_EXEC);
      if (file < 0) {
        throw new IOException("the network of process " + pid + " cannot be opened");
      }
      return new NetworkNamespace(file);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Its name, as `/proc` gives it, which no other network has as long as this is open.
  String name() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd/" + file)).toString();
  }

  @Override
  public SocketChannel connect(int port) throws IOException {
    return inThere(() -> {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET);
      try {
        // A server that takes no connections lets others wait.
        channel.socket().connect(new InetSocketAddress(LOOPBACK, port), CONNECT_MILLIS);
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    });
  }

  @Override
  public ServerSocketChannel listen(int port) throws IOException {
    return inThere(() -> {
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
      try {
        return channel.bind(new InetSocketAddress(LOOPBACK, port), BACKLOG);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    });
  }

  private <T> T inThere(Callable<T> task) throws IOException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("in-network-" + file)
        .start(() -> {
          try {
            enter();
            result.complete(task.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException cause
          ? cause
          : new IOException("the sandbox's network cannot be used", e.getCause());
    }
  }

  private synchronized void enter() throws Throwable {
    if (isClosed) {
      throw new IOException("the sandbox has ended");
    }
    int result = (int) SETNS.invokeExact(file, CLONE_NEWNET);
    if (result != 0) {
      throw new IOException("the sandbox's network cannot be entered; that takes root");
    }
  }

  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      int _ = (int) CLOSE.invokeExact(file);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
