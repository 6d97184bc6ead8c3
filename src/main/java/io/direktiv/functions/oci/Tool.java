package io.direktiv.functions.oci;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The program that makes sandboxes: `runc` or `crun`.
///
/// @param name `runc` or `crun`
/// @param command the program, perhaps behind another that prepares its view of the machine
/// @param state the folder where it keeps what it knows of its sandboxes
record Tool(String name, List<String> command, Path state) {
  private static final Duration TIME = Duration.ofSeconds(60);

  Tool {
    command = List.copyOf(command);
  }

  /// Makes a sandbox whose process waits for [#start]; its stdin, stdout and stderr are the pipes
  /// of `workspace`, which somebody must have opened at their other ends or opens meanwhile.
  ///
  /// @param before what stands before the command
  void create(String id, Workspace workspace, List<String> before) throws IOException {
    run(
        before,
        workspace,
        List.of(
            "create",
            "--bundle",
            workspace.bundle().toString(),
            "--pid-file",
            workspace.pidFile().toString(),
            id),
        Redirect.from(workspace.pipe("stdin").toFile()),
        Redirect.to(workspace.pipe("stdout").toFile()),
        Redirect.to(workspace.pipe("stderr").toFile()));
  }

  /// Lets the process of a sandbox begin, without a program unless there is no pipe at which it
  /// waits.
  ///
  /// @return to be closed when the process has ended
  Gate start(String id, Workspace workspace) throws IOException {
    Path pipe = state.resolve(id).resolve("exec.fifo");
    if (Files.notExists(pipe)) {
      startByProgram(id, workspace);
      return Gate.opened();
    }
    return Gate.open(pipe);
  }

  /// The plain way of [#start].
  void startByProgram(String id, Workspace workspace) throws IOException {
    quietly(workspace, "start", id);
  }

  /// Ends what still runs in a sandbox and forgets it; unknown ones are fine.
  void delete(String id, Workspace workspace) throws IOException {
    quietly(workspace, "delete", "--force", id);
  }

  /// Forgets a sandbox in which nothing runs any more. All that the programs would remove beside it
  /// is its control group.
  void forget(String id) throws IOException {
    Workspace.delete(state.resolve(id));
  }

  private void quietly(Workspace workspace, String... arguments) throws IOException {
    run(
        List.of(),
        workspace,
        List.of(arguments),
        Redirect.from(Path.of("/dev/null").toFile()),
        Redirect.DISCARD,
        Redirect.DISCARD);
  }

  private void run(
      List<String> before,
      Workspace workspace,
      List<String> arguments,
      Redirect in,
      Redirect out,
      Redirect err)
      throws IOException {
    List<String> line = new ArrayList<>(before);
    line.addAll(command);
    line.addAll(List.of("--root", state.toString(), "--log", workspace.toolLog().toString()));
    line.addAll(List.of("--log-format", "json"));
    line.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectInput(in).redirectOutput(out).redirectError(err);
    // Nothing of this process's environment is the sandbox's or the program's business.
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    Process process = builder.start();
    try {
      if (!process.waitFor(TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(name + " " + arguments.getFirst() + " took more than " + TIME);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException(name + " " + arguments.getFirst() + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          name + " " + arguments.getFirst() + " failed: " + words(workspace.toolLog()));
    }
  }

  /// The last message that the program logged.
  private static String words(Path log) {
    try {
      List<String> lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
      return lines.isEmpty() ? "it said nothing" : message(lines.getLast());
    } catch (IOException _) {
      return "it said nothing";
    }
  }

  private static String message(String line) {
    try {
      return Json.parse(line) instanceof JsonObject entry
              && entry.get("msg") instanceof JsonString(String text)
          ? text
          : line;
    } catch (JsonException _) {
      return line;
    }
  }

  /// The pipe at which the first process of a made sandbox waits for its start: for somebody who
  /// reads there, and then it writes a byte (`runc`); or for a byte, which it takes (`crun`).
  ///
  /// An open gate gives it both, which is all that the programs do to start one. It stays open
  /// until the process has ended.
  static final class Gate implements AutoCloseable {
    private static final int BYTES_MAX = 8;

    private final Optional<FileChannel> pipe;

    private Gate(Optional<FileChannel> pipe) {
      this.pipe = pipe;
    }

    /// Opens the gate that is the file `pipe`, which goes.
    static Gate open(Path pipe) throws IOException {
      // At both ends, since opening one of them would block if the other were never opened.
      FileChannel channel =
          FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel.write(ByteBuffer.wrap(new byte[1]));
      Files.delete(pipe);
      return new Gate(Optional.of(channel));
    }

    /// A gate that the program has opened.
    static Gate opened() {
      return new Gate(Optional.empty());
    }

    /// True when the process, which has ended, had passed: when there is a byte more or less in the
    /// pipe than was put there.
    boolean isPassed() throws IOException {
      if (pipe.isEmpty()) {
        return true;
      }
      // One more, since reading an empty pipe would block.
      pipe.get().write(ByteBuffer.wrap(new byte[1]));
      return pipe.get().read(ByteBuffer.allocate(BYTES_MAX)) != 2;
    }

    @Override
    public void close() throws IOException {
      if (pipe.isPresent()) {
        pipe.get().close();
      }
    }
  }
}
