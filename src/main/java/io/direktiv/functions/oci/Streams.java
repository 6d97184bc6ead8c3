package io.direktiv.functions.oci;

import io.direktiv.functions.Attendant;
import io.direktiv.functions.OutputLines;
import io.direktiv.functions.Runtime.OutputLine;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/// The pipes to a sandbox's stdin, stdout and stderr.
///
/// They are named pipes, since pipes that the JDK makes for a child end with the child, and the
/// program that makes a sandbox ends before the sandbox does. Opening one end blocks until the
/// other is opened, and reading sees the end only when nobody holds the writing end: so this
/// process holds both ends of each until the sandbox does ([#handedOver]).
final class Streams implements AutoCloseable {
  private static final int CHUNK = 16 << 10;

  private final List<RandomAccessFile> held = new ArrayList<>();
  private final CompletableFuture<Void> out = new CompletableFuture<>();
  private final CompletableFuture<Void> err = new CompletableFuture<>();

  private final OutputStream stdin;
  private final InputStream stdout;
  private final InputStream stderr;
  private boolean isBegun;

  private Streams(Workspace workspace) throws IOException {
    for (String name : List.of("stdin", "stdout", "stderr")) {
      Linux.makePipe(workspace.pipe(name));
      held.add(new RandomAccessFile(workspace.pipe(name).toFile(), "rw"));
    }
    stdin = new FileOutputStream(workspace.pipe("stdin").toFile());
    stdout = new FileInputStream(workspace.pipe("stdout").toFile());
    stderr = new FileInputStream(workspace.pipe("stderr").toFile());
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
    threads.newThread(() -> write(stdin, attendant.input())).start();
    threads.newThread(() -> read(stdout, sink(attendant), out)).start();
    threads.newThread(() -> read(stderr, lines(true, attendant), err)).start();
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

  private static void read(InputStream pipe, Sink sink, CompletableFuture<Void> end) {
    try (pipe) {
      byte[] chunk = new byte[CHUNK];
      for (int count = pipe.read(chunk); count >= 0; count = pipe.read(chunk)) {
        sink.bytes().write(chunk, 0, count);
      }
      sink.end().run();
      end.complete(null);
    } catch (IOException | RuntimeException e) {
      end.completeExceptionally(e);
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
      CompletableFuture.allOf(out, err).join();
    }
  }

  /// Gives up the pipes of a sandbox that never began.
  @Override
  public synchronized void close() throws IOException {
    handedOver();
    if (!isBegun) {
      stdin.close();
      stdout.close();
      stderr.close();
    }
  }
}
