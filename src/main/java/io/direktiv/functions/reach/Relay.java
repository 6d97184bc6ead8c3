package io.direktiv.functions.reach;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Reaches into the networks of sandboxes for a process that may not enter them itself: one program
/// for all of them, started when it is first needed. Safe for use by many threads.
///
/// ```
///   this process ── Unix sockets in a folder of its user's ── RelayMain ── 127.0.0.1 of a sandbox
/// ```
///
/// To enter a network takes rights in one's own user namespace too, and no process with more than
/// one thread may enter another one of those. So [RelayMain] is started in a [UserNamespace] within
/// which the sandboxes are made. It ends with this process, however that ends; when it ends first,
/// the next question starts another, and what listened in sandboxes is gone.
///
/// Nothing listens at a port of this machine, which its other users could connect to.
public final class Relay implements AutoCloseable {
  private static final int READY_SECONDS = 30;
  private static final int WORDS_MAX = 500;
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xms4m",
          "-Xmx64m",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED");

  private final Path folder;
  private final UserNamespace users;
  private Process process;
  private boolean isClosed;

  /// @param folder is made when it is needed, readable for this user only
  /// @param users around the sandboxes
  public Relay(Path folder, UserNamespace users) {
    this.folder = folder;
    this.users = users;
  }

  /// The network of the process `pid`, which runs now.
  public Entrance entrance(long pid) throws IOException {
    String network = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
    return new RelayedNetwork(this, pid, network);
  }

  /// A socket of this process.
  Path socket(String name) {
    return folder.resolve(name);
  }

  /// What the program answers with, ready for what follows a good answer.
  SocketChannel ask(String... words) throws IOException {
    program();
    SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(RelayWords.DOOR)));
    try {
      RelayWords.say(channel, String.join(" ", words));
      String answer = RelayWords.hear(channel);
      if (answer.equals(RelayWords.YES)) {
        return channel;
      }
      throw answer.equals(RelayWords.REFUSED)
          ? new ConnectException("Connection refused")
          : new IOException(answer.substring(RelayWords.NO.length()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// The program that runs now; started when there is none.
  synchronized Process program() throws IOException {
    if (isClosed) {
      throw new IOException("this runtime was closed");
    }
    if (process == null || !process.isAlive()) {
      start();
    }
    return process;
  }

  private void start() throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (Stream<Path> left = Files.list(folder)) {
      for (Path each : left.toList()) {
        Files.delete(each);
      }
    }
    Path said = folder.resolve("said");
    ProcessBuilder builder = new ProcessBuilder(command());
    // Nothing of this process's environment is the program's business.
    builder.environment().keySet().retainAll(List.of("PATH", "LC_ALL", "LANG"));
    process = builder.redirectError(Redirect.to(said.toFile())).start();
    try {
      awaitReady(process, said);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private List<String> command() throws IOException {
    List<String> line = new ArrayList<>(users.entering());
    line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    line.addAll(SMALL);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), RelayMain.class.getName()));
    line.add(folder.toString());
    return line;
  }

  private static void awaitReady(Process process, Path said) throws IOException {
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), WORDS_MAX);
    CompletableFuture<String> first = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            first.complete(String.valueOf(out.readLine()));
          } catch (IOException e) {
            first.completeExceptionally(e);
          }
        });
    try {
      if (!first.get(READY_SECONDS, TimeUnit.SECONDS).equals(RelayWords.READY)) {
        throw new IOException("the relay into sandboxes failed: " + words(said));
      }
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("the relay into sandboxes did not begin", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException("the relay into sandboxes was interrupted");
    }
  }

  private static String words(Path said) throws IOException {
    String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
    return text.isEmpty()
        ? "it said nothing"
        : text.substring(0, Math.min(text.length(), WORDS_MAX));
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
