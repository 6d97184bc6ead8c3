package io.direktiv.functions.oci;

import io.direktiv.functions.Attendant;
import io.direktiv.functions.Limits;
import io.direktiv.functions.OutputLines;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.data.CallFolder;
import io.direktiv.functions.data.DataFolder;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.functions.reach.Inside;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/// The pipes to a sandbox's stdin, stdout and stderr.
///
/// They are named pipes, since pipes that the JDK makes for a child end with the child, and the
/// program that makes a sandbox ends before the sandbox does. Opening one end blocks until the
/// other is opened, and reading sees the end only when nobody holds the writing end: so this
/// process holds both ends of each until the sandbox does ([#handedOver]).
final class Streams implements AutoCloseable {
  private static final int CHUNK = 16 << 10;
  private static final long LOOK_NANOS = 100_000;

  /// What every empty pipe takes at once (`PIPE_BUF`, `pipe(7)`).
  private static final int PIPE_BYTES_MIN = 4_096;

  private final List<RandomAccessFile> held = new ArrayList<>();
  private final OutputStream stdin;
  private final Output stdout;
  private final Output stderr;
  private boolean isBegun;

  private Streams(Workspace workspace) throws IOException {
    for (String name : List.of("stdin", "stdout", "stderr")) {
      Linux.makePipe(workspace.pipe(name));
      held.add(new RandomAccessFile(workspace.pipe(name).toFile(), "rw"));
    }
    stdin = new FileOutputStream(workspace.pipe("stdin").toFile());
    stdout = new Output(new FileInputStream(workspace.pipe("stdout").toFile()));
    stderr = new Output(new FileInputStream(workspace.pipe("stderr").toFile()));
  }

  /// One pipe out of the sandbox.
  private static final class Output {
    private final InputStream pipe;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isHandingOn;

    Output(InputStream pipe) {
      this.pipe = pipe;
    }

    void read(Sink sink) {
      try (pipe) {
        byte[] chunk = new byte[CHUNK];
        for (int count = pipe.read(chunk); count >= 0; count = pipe.read(chunk)) {
          isHandingOn = true;
          sink.bytes().write(chunk, 0, count);
          isHandingOn = false;
        }
        sink.end().run();
        end.complete(null);
      } catch (IOException | RuntimeException e) {
        end.completeExceptionally(e);
      }
    }

    /// True when nothing is in the pipe and nothing on its way from there.
    boolean isEmpty() {
      try {
        return end.isDone() || (pipe.available() == 0 && !isHandingOn);
      } catch (IOException _) {
        // It has come to its end.
        return true;
      }
    }
  }

  /// Makes and opens the pipes of `workspace`.
  static Streams open(Workspace workspace) throws IOException {
    return new Streams(workspace);
  }

  /// Begins to write what `attendant` gives and to read for it until the pipes' ends.
  ///
  /// @param threads makes platform threads, since reading a pipe blocks
  synchronized void begin(Attendant attendant, ThreadFactory threads) {
    isBegun = true;
    byte[] input = attendant.input();
    if (input.length <= PIPE_BYTES_MIN) {
      write(stdin, input);
    } else {
      threads.newThread(() -> write(stdin, input)).start();
    }
    threads.newThread(() -> stdout.read(sink(attendant))).start();
    threads.newThread(() -> stderr.read(lines(true, attendant))).start();
  }

  private static void write(OutputStream stdin, byte[] input) {
    try (stdin) {
      stdin.write(input);
    } catch (IOException _) {
      // Whoever does not read its input may end before all of it is written.
    }
  }

  private static Sink sink(Attendant attendant) {
    return attendant
        .stdout()
        .map(bytes -> new Sink(bytes, () -> {}))
        .orElseGet(() -> lines(false, attendant));
  }

  private static Sink lines(boolean isError, Attendant attendant) {
    OutputLines lines = new OutputLines(text -> attendant.line(new OutputLine(isError, text)));
    return new Sink(lines::write, lines::flush);
  }

  /// Where bytes go, and what is to be done at their end.
  private record Sink(Attendant.Bytes bytes, Runnable end) {}

  /// The way into the sandbox whose data folder is `data`, which then knows when all that was
  /// printed has been heard.
  Inside settling(Inside inside, DataFolder data) {
    return new Settling(inside, this, data);
  }

  private record Settling(Inside inside, Streams streams, DataFolder data) implements Inside {
    @Override
    public SocketChannel connect(int port) throws IOException {
      return inside.connect(port);
    }

    @Override
    public ServerSocketChannel listen(int port) throws IOException {
      return inside.listen(port);
    }

    @Override
    public Optional<CallFolder> folder(Map<String, GivenFile> files) throws IOException {
      return Optional.of(CallFolder.make(data, files));
    }

    @Override
    public boolean freeze(boolean isFrozen) {
      return inside.freeze(isFrozen);
    }

    @Override
    public boolean sawMemoryKill() {
      return inside.sawMemoryKill();
    }

    @Override
    public boolean settle() {
      streams.settle();
      return true;
    }
  }

  /// Blocks until what was printed so far was handed on, or has had time for it. Looks twice, since
  /// what a thread has just read is neither in the pipe nor known to be on its way.
  private void settle() {
    long deadline = System.nanoTime() + Limits.SETTLE_TIME_MAX.toNanos();
    int looks = 0;
    while (looks < 2 && System.nanoTime() < deadline) {
      looks = stdout.isEmpty() && stderr.isEmpty() ? looks + 1 : 0;
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /// Lets go of the sandbox's ends; to be called when the sandbox holds them, or never will.
  void handedOver() throws IOException {
    for (RandomAccessFile each : held) {
      each.close();
    }
  }

  /// Blocks until stdout and stderr have ended and every line was handed on; returns at once when
  /// nothing was begun.
  void awaitEnd() {
    boolean isReading;
    synchronized (this) {
      isReading = isBegun;
    }
    if (isReading) {
      CompletableFuture.allOf(stdout.end, stderr.end).join();
    }
  }

  /// Gives up the pipes of a sandbox that never began.
  @Override
  public synchronized void close() throws IOException {
    handedOver();
    if (!isBegun) {
      stdin.close();
      stdout.pipe.close();
      stderr.pipe.close();
    }
  }
}
