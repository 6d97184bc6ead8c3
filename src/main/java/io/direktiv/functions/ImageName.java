package io.direktiv.functions;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The parts of an image's reference, with Docker's short forms made long.
///
/// @param host the registry's host, with its port
/// @param path the repository below it
/// @param tag `latest` when the reference has neither tag nor digest, empty when it has a digest
/// @param digest what follows an `@`, else empty
public record ImageName(String host, String path, String tag, String digest) {
  private static final String HUB = "docker.io";
  private static final Set<String> HUB_NAMES =
      Set.of(HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  /// Reads `reference`; never fails, since an engine judges references itself.
  public static ImageName of(String reference) {
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    boolean hasHost = isHost(first);
    String host = hasHost ? host(first) : HUB;
    String rest = hasHost ? reference.substring(slash + 1) : reference;
    int at = rest.indexOf('@');
    String named = at < 0 ? rest : rest.substring(0, at);
    int colon = named.lastIndexOf(':');
    boolean hasTag = colon > named.lastIndexOf('/');
    String path = hasTag ? named.substring(0, colon) : named;
    String tag = at >= 0 ? "" : hasTag ? named.substring(colon + 1) : "latest";
    String digest = at < 0 ? "" : rest.substring(at + 1);
    boolean isOfficial = host.equals(HUB) && !path.contains("/");
    return new ImageName(host, isOfficial ? "library/" + path : path, tag, digest);
  }

  /// As engines decide (distribution's reference grammar): a path has no capitals, so a word with
  /// one is a host, which must not be given the login of another.
  private static boolean isHost(String first) {
    return first.contains(".")
        || first.contains(":")
        || first.equals("localhost")
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  /// True when `registry`, a host or a host with a path, is where this image lies.
  boolean isUnder(String registry) {
    return folderUnder(registry).isPresent();
  }

  /// How many characters of this image's path `registry` names, however it writes the host; -1 when
  /// the image does not lie there.
  public int depthUnder(String registry) {
    return folderUnder(registry).map(String::length).orElse(-1);
  }

  private Optional<String> folderUnder(String registry) {
    String bare = registry.replaceFirst("^[a-zA-Z]+://", "").replaceFirst("/+$", "");
    int slash = bare.indexOf('/');
    String named = slash < 0 ? "" : bare.substring(slash + 1);
    String folder = named.equals("v1") || named.equals("v2") ? "" : named;
    boolean isHere =
        host(slash < 0 ? bare : bare.substring(0, slash)).equals(host)
            && (folder.isEmpty() || (path + "/").startsWith(folder + "/"));
    return isHere ? Optional.of(folder) : Optional.empty();
  }

  /// The repository: host and path.
  public String repository() {
    return host + "/" + path;
  }

  private static String host(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return HUB_NAMES.contains(lower) ? HUB : lower;
  }
}
