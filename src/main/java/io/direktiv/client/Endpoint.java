package io.direktiv.client;

/// Where a server's gRPC door is.
public record Endpoint(String host, int port) {
  /// The port when none is given.
  public static final int PORT_DEFAULT = 6666;

  /// Reads `host`, `host:port` or `[ipv6]:port`.
  ///
  /// @throws IllegalArgumentException with a sentence
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean isBare = colon < 0 || text.endsWith("]");
    String host = isBare ? text : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":") || host.contains("/")) {
      throw wrong(text);
    }
    if (host.isBlank()) {
      throw wrong(text);
    }
    return new Endpoint(host, isBare ? PORT_DEFAULT : port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String digits) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is no HOST:PORT; write for example 127.0.0.1:" + PORT_DEFAULT);
  }

  /// `host:port`, with brackets around an IPv6 address.
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
