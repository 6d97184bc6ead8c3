package io.direktiv.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server started by the shipped launcher, on ports that were free.
///
/// Its stdout is read here; its log goes to a file. Closing kills it.
public final class ServerProcess implements AutoCloseable {
  private static final Pattern API = Pattern.compile("UI and API\\s+(http://\\S+)");
  private static final Pattern GRPC = Pattern.compile("gRPC\\s+(\\S+:\\d+)");
  private static final int START_SECONDS_MAX = 60;

  private final Process process;
  private final CompletableFuture<List<String>> ready = new CompletableFuture<>();

  private ServerProcess(Process process) {
    this.process = process;
  }

  /// Starts a server and returns at once.
  ///
  /// @param log receives stderr, appended
  /// @param arguments more than the data folder and the ports
  public static ServerProcess start(
      Path data, Path log, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("./direktiv", "server", "--data", data.toString()));
    command.addAll(List.of("--api-bind", "127.0.0.1:0", "--ingress-bind", "127.0.0.1:0"));
    command.addAll(arguments);
    return start(command, log, environment);
  }

  /// Starts what `command` says, which must be a server in the end.
  public static ServerProcess start(List<String> command, Path log, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("DIREKTIV_"));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    ServerProcess server = new ServerProcess(builder.start());
    Thread.ofVirtual().start(server::read);
    return server;
  }

  private void read() {
    List<String> lines = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (line.startsWith("ready")) {
          ready.complete(List.copyOf(lines));
        }
      }
    } catch (IOException e) {
      lines.add(e.toString());
    }
    ready.completeExceptionally(new IllegalStateException("the server said only " + lines));
  }

  /// Waits until it is ready; returns what it said.
  public List<String> awaitReady() throws InterruptedException {
    try {
      return ready.get(START_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no server within " + START_SECONDS_MAX + " s", e);
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
    Matcher matcher = pattern.matcher(String.join("\n", awaitReady()));
    if (!matcher.find()) {
      throw new IllegalStateException("the server did not say where it is");
    }
    return matcher.group(1);
  }

  /// The process id.
  public long pid() {
    return process.pid();
  }

  /// Kills it with SIGKILL.
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// Asks it to stop with SIGTERM and returns its exit code.
  public int stop() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  /// Waits for its end and returns its exit code.
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS)) {
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
