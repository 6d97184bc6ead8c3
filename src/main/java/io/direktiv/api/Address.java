package io.direktiv.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Where a door listens.
///
/// @param host a name or an IP address
/// @param port 0 to 65535; 0 takes any that is free
public record Address(String host, int port) {
  public Address {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "an address has the form HOST:PORT with a port of 0 to 65535, but this is '"
              + host
              + ":"
              + port
              + "'");
    }
  }

  /// Reads `HOST:PORT`; `[::1]:8080` and `:8080` (all interfaces) work too.
  ///
  /// @throws IllegalArgumentException with a sentence when `text` is something else
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      String host = colon < 0 ? "" : text.substring(0, colon);
      boolean isBracketed = host.startsWith("[") && host.endsWith("]");
      return new Address(
          colon == 0 ? "0.0.0.0" : isBracketed ? host.substring(1, host.length() - 1) : host, port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "an address has the form HOST:PORT, but this is '" + text + "'", e);
    }
  }

  /// True when only this machine can reach it: a name must mean nothing else, whichever of its
  /// addresses is asked for.
  public boolean isLoopback() {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
