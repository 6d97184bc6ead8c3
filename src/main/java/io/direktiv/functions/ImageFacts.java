package io.direktiv.functions;

import java.util.Set;

/// What an image's name means at the moment.
///
/// @param id names its content on this machine, as long as sandboxes of it run
/// @param exposedPorts where it says that it listens, such as `8080/tcp`
public record ImageFacts(String id, Set<String> exposedPorts) {
  public ImageFacts {
    exposedPorts = Set.copyOf(exposedPorts);
  }
}
