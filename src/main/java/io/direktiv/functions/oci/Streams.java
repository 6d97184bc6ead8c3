package io.direktiv.functions.oci;

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
import java.util.function.Consumer;

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

  private Streams() {}

  /// Makes and opens the pipes of `workspace`; `output` gets each line until their ends.
  ///
  /// @param input what the sandbox reads from stdin
  /// @param threads makes platform threads, since reading a pipe blocks
  static Streams open(
      Workspace workspace, byte[] input, Consumer<OutputLine> output, ThreadFactory threads)
      throws IOException {
    Streams streams = new Streams();
    try {
      for (String name : List.of("stdin", "stdout", "stderr")) {
        Linux.makePipe(workspace.pipe(name));
        streams.held.add(new RandomAccessFile(workspace.pipe(name).toFile(), "rw"));
      }
      OutputStream stdin = new FileOutputStream(workspace.pipe("stdin").toFile());
      InputStream stdout = new FileInputStream(workspace.pipe("stdout").toFile());
      InputStream stderr = new FileInputStream(workspace.pipe("stderr").toFile());
      threads.newThread(() -> write(stdin, input)).start();
      threads.newThread(() -> read(stdout, false, output, streams.out)).start();
      threads.newThread(() -> read(stderr, true, output, streams.err)).start();
      return streams;
    } catch (IOException e) {
      streams.close();
      throw e;
    }
  }

  private static void write(OutputStream stdin, byte[] input) {
    try (stdin) {
      stdin.write(input);
    } catch (IOException _) {
      // Whoever does not read its input may end before all of it is written.
    }
  }

  private static void read(
      InputStream pipe, boolean isError, Consumer<OutputLine> output, CompletableFuture<Void> end) {
    OutputLines lines = new OutputLines(text -> output.accept(new OutputLine(isError, text)));
    try (pipe) {
      byte[] chunk = new byte[CHUNK];
      for (int count = pipe.read(chunk); count >= 0; count = pipe.read(chunk)) {
        lines.write(chunk, 0, count);
      }
      lines.flush();
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

  /// Blocks until stdout and stderr have ended and every line was handed on.
  void awaitEnd() {
    CompletableFuture.allOf(out, err).join();
  }

  @Override
  public void close() throws IOException {
    handedOver();
  }
}
