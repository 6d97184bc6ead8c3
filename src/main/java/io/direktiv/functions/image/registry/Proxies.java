package io.direktiv.functions.image.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The proxies that an environment names, as curl, Docker and Podman read it: `HTTPS_PROXY` and
/// `HTTP_PROXY` say which, `NO_PROXY` which hosts are asked directly: names with all that lies
/// below them, addresses, each also with a port, networks such as `10.0.0.0/8` for hosts that are
/// written as addresses, or `*`. Small letters do too. This machine is always asked directly.
public final class Proxies extends ProxySelector {
  private static final int PORT_WITHOUT_TLS = 80;
  private static final int PORT_WITH_TLS = 443;

  private final Optional<InetSocketAddress> http;
  private final Optional<InetSocketAddress> https;
  private final List<String> direct = new ArrayList<>();
  private final List<Network> directNetworks = new ArrayList<>();

  /// Those of `environment`.
  ///
  /// @throws IllegalArgumentException when a variable cannot be used, with its name but not its
  ///   value, which may hold a password
  public Proxies(Map<String, String> environment) {
    this.http = proxy(environment, "HTTP_PROXY");
    this.https = proxy(environment, "HTTPS_PROXY");
    for (String word : value(environment, "NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      String name = word.replaceFirst("^\\*?\\.", "").replaceAll("[\\[\\]]", "");
      Optional<Network> network = Network.parse(name);
      network.ifPresent(directNetworks::add);
      if (network.isEmpty() && !name.isEmpty()) {
        direct.add(name);
      }
    }
  }

  private static String value(Map<String, String> environment, String name) {
    String small = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    return (small.isBlank() ? environment.getOrDefault(name, "") : small).strip();
  }

  private static Optional<InetSocketAddress> proxy(Map<String, String> environment, String name) {
    String text = value(environment, name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI uri = uri(text.contains("://") ? text : "http://" + text, name);
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException(name + ": only proxies of the form http://HOST:PORT work");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          name + ": a proxy that wants a login does not work; name one without");
    }
    int port = uri.getPort() < 0 ? PORT_WITHOUT_TLS : uri.getPort();
    return Optional.of(InetSocketAddress.createUnresolved(bare(uri), port));
  }

  private static URI uri(String text, String name) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException(name + ": it is no address of the form http://HOST:PORT");
    }
  }

  /// The host; addresses of IPv6 without brackets.
  private static String bare(URI uri) {
    return uri.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
  }

  @Override
  public List<Proxy> select(URI uri) {
    boolean isSecure = "https".equals(uri.getScheme());
    Optional<InetSocketAddress> proxy = isSecure ? https : http;
    int port = uri.getPort() < 0 ? (isSecure ? PORT_WITH_TLS : PORT_WITHOUT_TLS) : uri.getPort();
    return List.of(
        proxy
            .filter(_ -> !isDirect(bare(uri), port))
            .map(address -> new Proxy(Proxy.Type.HTTP, resolved(address)))
            .orElse(Proxy.NO_PROXY));
  }

  /// Looked up for each request, since a server may run for longer than an address counts.
  private static InetSocketAddress resolved(InetSocketAddress address) {
    return new InetSocketAddress(address.getHostString(), address.getPort());
  }

  private boolean isDirect(String host, int port) {
    Optional<InetAddress> address = Network.literal(host);
    return Reach.isLoopback(host)
        || address.isPresent()
            && directNetworks.stream().anyMatch(network -> network.holds(address.get()))
        || direct.stream()
            .anyMatch(name ->
                name.equals("*")
                    || isAt(host, name)
                    || (name.endsWith(":" + port)
                        && isAt(host, name.substring(0, name.lastIndexOf(':')))));
  }

  private static boolean isAt(String host, String name) {
    return host.equals(name) || host.endsWith("." + name);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // There is no other one to try.
  }
}
