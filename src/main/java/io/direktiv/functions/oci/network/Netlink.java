package io.direktiv.functions.oci.network;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A socket over which the kernel is asked to change the network that the thread was in when it was
/// opened. For one thread, of the platform, since a call may block it.
///
/// Sources: `netlink(7)`, `setns(2)`, `if_nametoindex(3)`.
final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int RAW_CLOSED_ON_EXEC = 3 | 0x80000;
  private static final int NETLINK_ROUTE = 0;
  private static final int READ_ONLY_CLOSED_ON_EXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int ANSWER_BYTES_MAX = 8_192;
  private static final int HEADER_BYTES = 16;
  private static final int TYPE_AT = 4;
  private static final int SEQUENCE_AT = 8;
  private static final short ERROR = 2;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker.Option WITH_ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

  private static final MethodHandle SOCKET = call("socket", INT, INT, INT, INT);
  private static final MethodHandle SEND = call("send", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle RECV = call("recv", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle SETNS = call("setns", INT, INT, INT);
  private static final MethodHandle NUMBER = call("if_nametoindex", INT, POINTER);
  private static final MethodHandle CLOSE = call("close", INT, INT);
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LIBC.findOrThrow("open"),
          FunctionDescriptor.of(INT, POINTER, INT),
          WITH_ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LIBC.findOrThrow("strerror"), FunctionDescriptor.of(ValueLayout.ADDRESS, INT));

  private final int socket;
  private int sequence;

  private Netlink(int socket) {
    this.socket = socket;
  }

  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... parameters) {
    return LINKER.downcallHandle(
        LIBC.findOrThrow(name), FunctionDescriptor.of(result, parameters), WITH_ERRNO);
  }

  @FunctionalInterface
  private interface Body {
    long run(MemorySegment state, Arena arena) throws Throwable;
  }

  private static long checked(String what, Body body) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = body.run(state, arena);
      if (result < 0) {
        throw new IOException(what + ": " + words((int) ERRNO.get(state, 0L)));
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
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

  /// A socket for the network that this thread is in.
  static Netlink open() throws IOException {
    return new Netlink(
        (int)
            checked(
                "netlink socket",
                (state, _) ->
                    (int)
                        SOCKET.invokeExact(state, AF_NETLINK, RAW_CLOSED_ON_EXEC, NETLINK_ROUTE)));
  }

  /// Brings this thread into the network of the process `pid`, from where it does not come back.
  static void enter(int pid) throws IOException {
    String path = "/proc/" + pid + "/ns/net";
    int file =
        (int)
            checked(
                path,
                (state, arena) ->
                    (int)
                        OPEN.invokeExact(
                            state, arena.allocateFrom(path), READ_ONLY_CLOSED_ON_EXEC));
    try {
      checked("setns " + path, (state, _) -> (int) SETNS.invokeExact(state, file, CLONE_NEWNET));
    } finally {
      closed(file);
    }
  }

  /// The number of the link of that name in the network that this thread is in.
  static int number(String link) throws IOException {
    return (int)
        checked(
            "link " + link,
            (state, arena) -> {
              int number = (int) NUMBER.invokeExact(state, arena.allocateFrom(link));
              return number == 0 ? -1 : number;
            });
  }

  /// Asks for one after the other, and stops at the first that is refused.
  ///
  /// @throws IOException with its name and the kernel's words
  void ask(List<NetlinkRequest> requests) throws IOException {
    for (NetlinkRequest request : requests) {
      ByteBuffer answer = answer(request);
      if (answer.getShort(TYPE_AT) != ERROR) {
        throw new IOException(request.what() + ": the kernel's answer is none");
      }
      refuse(request, answer);
    }
  }

  /// What a request that only looks is answered, from behind the header on.
  ///
  /// @throws IOException with its name and the kernel's words
  ByteBuffer look(NetlinkRequest request) throws IOException {
    ByteBuffer answer = answer(request);
    if (answer.getShort(TYPE_AT) == ERROR) {
      refuse(request, answer);
    }
    return answer.position(HEADER_BYTES);
  }

  private static void refuse(NetlinkRequest request, ByteBuffer answer) throws IOException {
    int errno = -answer.getInt(HEADER_BYTES);
    if (errno != 0) {
      throw new IOException(request.what() + ": " + words(errno));
    }
  }

  /// The kernel's answer, which is there when sending returns.
  private ByteBuffer answer(NetlinkRequest request) throws IOException {
    sequence++;
    byte[] bytes = request.encoded(sequence);
    checked(
        request.what(),
        (state, arena) ->
            (long)
                SEND.invokeExact(
                    state,
                    socket,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes),
                    (long) bytes.length,
                    0));
    ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES_MAX).order(ByteOrder.nativeOrder());
    checked(
        request.what(),
        (state, arena) -> {
          MemorySegment memory = arena.allocate(ANSWER_BYTES_MAX);
          long count = (long) RECV.invokeExact(state, socket, memory, (long) ANSWER_BYTES_MAX, 0);
          answer.put(memory.asSlice(0, Math.max(0, count)).asByteBuffer()).flip();
          return count;
        });
    if (answer.limit() < HEADER_BYTES + Integer.BYTES || answer.getInt(SEQUENCE_AT) != sequence) {
      throw new IOException(request.what() + ": the kernel's answer is none");
    }
    return answer;
  }

  private static void closed(int file) throws IOException {
    checked("close", (state, _) -> (int) CLOSE.invokeExact(state, file));
  }

  @Override
  public void close() throws IOException {
    closed(socket);
  }
}
