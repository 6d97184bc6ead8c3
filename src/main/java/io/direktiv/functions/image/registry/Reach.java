package io.direktiv.functions.image.registry;

import io.direktiv.functions.image.ImageException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/// Where requests may go. Who names an image chooses a host, and a registry chooses where it leads
/// to, so neither may reach what only this machine can.
///
/// HTTP without TLS goes to this machine itself and to the hosts that an operator lists. Only a
/// registry of this machine leads to another place of it. Link-local addresses, where clouds keep
/// their credentials, are never asked.
///
/// @param plainHosts `HOST` or `HOST:PORT`, in lower case
record Reach(Set<String> plainHosts) {
  Reach {
    plainHosts = Set.copyOf(plainHosts);
  }

  /// The address of a registry.
  URI address(String host) throws ImageException {
    String real = host.equals("docker.io") ? "registry-1.docker.io" : host;
    try {
      URI secure = URI.create("https://" + real);
      if (secure.getHost() == null || secure.getRawUserInfo() != null) {
        throw new IllegalArgumentException("no host");
      }
      URI uri = isPlain(secure) ? URI.create("http://" + real) : secure;
      requireOrdinary(uri);
      return uri;
    } catch (IllegalArgumentException _) {
      throw new ImageException(
          ImageException.Kind.REFERENCE,
          "\"" + host + "\" is no host",
          "write HOST/NAME:TAG or NAME:TAG");
    }
  }

  private boolean isPlain(URI uri) {
    return isLoopback(uri) || isListed(uri);
  }

  private boolean isListed(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return plainHosts.contains(host) || plainHosts.contains(host + ":" + uri.getPort());
  }

  /// Refuses to be led from `origin` to `target` when that is less safe.
  void require(URI origin, URI target) throws ImageException {
    boolean isHttps = "https".equals(target.getScheme());
    boolean isHttp = "http".equals(target.getScheme());
    if (target.getHost() == null || !(isHttps || (isHttp && isPlain(target)))) {
      throw refused(origin, target, "which is not protected by TLS");
    }
    if (isLoopback(target) && !isLoopback(origin) && !isListed(target)) {
      throw refused(origin, target, "which is this machine");
    }
    requireOrdinary(target);
  }

  private static ImageException refused(URI origin, URI target, String why) {
    return new ImageException(
        ImageException.Kind.UNTRUSTED,
        "the registry at "
            + Exchange.place(origin)
            + " leads to "
            + Exchange.place(target)
            + ", "
            + why,
        "use another registry");
  }

  private static void requireOrdinary(URI uri) throws ImageException {
    for (InetAddress address : addresses(uri.getHost())) {
      if (address.isLinkLocalAddress() || address.isAnyLocalAddress()) {
        throw new ImageException(
            ImageException.Kind.UNTRUSTED,
            Exchange.place(uri) + " is a link-local address, which is never asked",
            "check the registry's name");
      }
    }
  }

  private static boolean isLoopback(URI uri) {
    return isLoopback(uri.getHost());
  }

  /// True when `host` means this machine and nothing else.
  static boolean isLoopback(String host) {
    InetAddress[] addresses = addresses(host);
    for (InetAddress address : addresses) {
      if (!address.isLoopbackAddress()) {
        return false;
      }
    }
    return addresses.length > 0;
  }

  /// A host that cannot be looked up has none: a proxy may know it, and else the client says so.
  private static InetAddress[] addresses(String host) {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException _) {
      return new InetAddress[0];
    }
  }
}
