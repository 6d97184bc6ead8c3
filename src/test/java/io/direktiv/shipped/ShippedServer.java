package io.direktiv.shipped;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server started by the shipped launcher.
///
/// Its stdout is read here; its stderr goes to the file `log` of its folder. Closing kills it and
/// leaves its folder, so another can go on there.
public final class ShippedServer implements AutoCloseable {
  private static final Pattern API = Pattern.compile("UI and API\\s+(http://\\S+)");
  private static final Pattern GRPC = Pattern.compile("gRPC\\s+(\\S+:\\d+)");
  private static final int SECONDS_MAX = 60;

  private final Process process;
  private final Path log;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private ShippedServer(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts a server and returns at once. It knows this process's variables, but none that sets up
  /// a server.
  static ShippedServer start(ServerSpec spec) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(spec.command());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("DIREKTIV_") && !name.equals("DIREKTIV_JAVA_OPTS"));
    // Not the images of this machine.
    builder.environment().put("DIREKTIV_IMAGES_FOLDER", spec.data().resolve("images").toString());
    builder.environment().putAll(spec.environment());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    ShippedServer server = new ShippedServer(builder.start(), spec.log());
    Thread.ofVirtual().start(server::read);
    return server;
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (line.startsWith("ready")) {
          ready.complete(null);
        }
      }
      String errors = Files.readString(log);
      ready.completeExceptionally(
          new IllegalStateException("the server said only " + lines + ", its log " + errors));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /// What it said on stdout.
  public List<String> said() {
    return lines;
  }

  /// Waits until it is ready.
  public void awaitReady() throws InterruptedException {
    try {
      ready.get(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no server within " + SECONDS_MAX + " s", e);
    }
  }

  /// Where its HTTP API is: `http://127.0.0.1:PORT`.
  public String api() throws InterruptedException {
    return find(API);
  }

  /// Where its gRPC door is: `127.0.0.1:PORT`.
  public String grpc() throws InterruptedException {
    return find(GRPC);
  }

  private String find(Pattern pattern) throws InterruptedException {
    awaitReady();
    Matcher matcher = pattern.matcher(String.join("\n", lines));
    if (!matcher.find()) {
      throw new IllegalStateException("the server did not say where it is");
    }
    return matcher.group(1);
  }

  /// The process id.
  public long pid() {
    return process.pid();
  }

  /// False when it has ended.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Kills it with SIGKILL.
  public void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
  }

  /// Kills it with SIGKILL and leaves alone what it started.
  public void crash() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// What it started, and what those started.
  public List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /// Asks it to stop with SIGTERM and returns its exit code.
  public int stop() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  /// Waits for its end and returns its exit code.
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the server did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
