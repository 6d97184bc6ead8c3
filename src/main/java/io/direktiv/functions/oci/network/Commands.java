package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the programs that change networks, each for a moment.
final class Commands {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int OUTPUT_MAX = 1 << 20;

  private Commands() {}

  /// What `command` says to `input`.
  ///
  /// @param needs the packages that have such programs, for the message where one is missing
  /// @throws IOException with what it said, when it fails
  static String run(List<String> command, String input, String needs) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          command.getFirst() + " could not be started; the network \"egress\" needs " + needs, e);
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended before it read all of it; its exit code tells.
    }
    try {
      String said =
          new String(process.getInputStream().readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
      if (!process.waitFor(TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(command.getFirst() + " took more than " + TIME);
      }
      if (process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + said.strip());
      }
      return said;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException(command.getFirst() + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }
}
