package io.direktiv.functions.docker;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where an engine listens.
///
/// @param text as people write it, `unix:///…` or `tcp://…`
public record EngineAddress(String text, SocketAddress socket) {
  private static final Pattern TCP =
      Pattern.compile("(?:tcp|http)://(\\[[0-9a-fA-F:]+]|[^:/]+):([0-9]{1,5})/?");

  /// An address that cannot be used; the message says why and what to do.
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  /// Whether `value` is an address of an engine; none needs to listen there.
  public static boolean isUsable(String value) {
    try {
      parse(value.strip());
      return true;
    } catch (UnusableException _) {
      return false;
    }
  }

  /// Reads the value of a variable such as `DOCKER_HOST`.
  static EngineAddress parse(String value) throws UnusableException {
    Matcher tcp = TCP.matcher(value);
    if (tcp.matches()) {
      int port = Integer.parseInt(tcp.group(2));
      if (port < 1 || port > 65_535) {
        throw new UnusableException("port " + port + " does not exist");
      }
      String host = tcp.group(1).replaceAll("[\\[\\]]", "");
      return new EngineAddress(value, new InetSocketAddress(host, port));
    }
    String path = value.startsWith("unix://") ? value.substring(7) : value;
    if (!path.startsWith("/")) {
      throw new UnusableException(
          "only unix:///PATH and tcp://HOST:PORT are understood; for ssh forward the socket, for"
              + " example with ssh -L /tmp/engine.sock:/var/run/docker.sock HOST");
    }
    return ofSocket(path);
  }

  /// The socket file at `path`.
  static EngineAddress ofSocket(String path) throws UnusableException {
    try {
      return new EngineAddress("unix://" + path, UnixDomainSocketAddress.of(path));
    } catch (InvalidPathException e) {
      throw new UnusableException("the path cannot be used: " + e.getMessage());
    }
  }
}
