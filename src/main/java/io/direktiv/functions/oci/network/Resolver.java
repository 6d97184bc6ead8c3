package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The name servers that sandboxes are told of: this machine's, but those that listen on its
/// loopback, which sandboxes cannot reach.
public final class Resolver {
  /// The second is what `systemd-resolved` knows of the world when the first names only itself.
  private static final List<Path> SOURCES =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

  private Resolver() {}

  /// The text of a sandbox's `/etc/resolv.conf`; names no server where this machine knows none that
  /// can be reached.
  public static String configuration() {
    for (Path source : SOURCES) {
      String usable = usable(source);
      if (usable.contains("nameserver")) {
        return usable;
      }
    }
    return "";
  }

  private static String usable(Path source) {
    try {
      return Files.readAllLines(source).stream()
          .map(String::strip)
          .filter(line -> line.matches("(search|options|nameserver)\\s.*"))
          .filter(line -> !line.matches("nameserver\\s+(127\\..*|::1)"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException _) {
      return "";
    }
  }
}
