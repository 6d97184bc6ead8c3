package io.direktiv.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The hard limits of this process, beyond which it cannot give any to a sandbox.
public final class HostLimits {
  private HostLimits() {}

  /// The hard limit that `/proc/self/limits` lists under `name`; the largest number when there is
  /// none or it cannot be read.
  public static long hard(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().split("\\s+"))
          .filter(words -> words.length > 1 && words[1].matches("[0-9]{1,18}"))
          .mapToLong(words -> Long.parseLong(words[1]))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }
}
