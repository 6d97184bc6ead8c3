package io.direktiv.functions.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the engine: where a setting says, else at the first usual socket that answers. Looks anew
/// each time, so an engine that comes later is found. Safe for use by many threads.
final class EngineFinder {
  private static final List<String> SETTINGS = List.of("DIREKTIV_CONTAINER_HOST", "DOCKER_HOST");
  private static final String ADVICE =
      "; start Docker, or Podman's service with \"podman system service --time=0"
          + " unix:///run/podman/podman.sock\", or say where one listens with"
          + " DIREKTIV_CONTAINER_HOST=unix:///PATH";

  private final Map<String, String> environment;
  private volatile Optional<EngineClient> last = Optional.empty();

  /// A finder that reads `environment`.
  EngineFinder(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// What was found.
  sealed interface Found {
    record Engine(EngineClient client) implements Found {}

    /// @param reason one sentence: what was tried and what to do
    record Nothing(String reason) implements Found {}
  }

  /// The engine that answered last if it still does, else the first that does.
  Found find() {
    Optional<EngineClient> known = last;
    if (known.isPresent() && answers(known.get()).isEmpty()) {
      return new Found.Engine(known.get());
    }
    last = Optional.empty();
    for (String name : SETTINGS) {
      String value = environment.getOrDefault(name, "");
      if (!value.isBlank()) {
        return findSet(name, value.strip());
      }
    }
    return findUsual();
  }

  private Found findSet(String name, String value) {
    boolean wantsTls =
        name.equals("DOCKER_HOST")
            && value.startsWith("tcp:")
            && !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty();
    if (wantsTls) {
      return new Found.Nothing(
          "no container engine: DOCKER_HOST="
              + value
              + " wants TLS, which is not supported; forward the engine's socket, for example with"
              + " ssh -L /tmp/engine.sock:/var/run/docker.sock HOST, and set"
              + " DIREKTIV_CONTAINER_HOST=unix:///tmp/engine.sock");
    }
    try {
      EngineClient client = new EngineClient(EngineAddress.parse(value));
      Optional<String> problem = answers(client);
      if (problem.isEmpty()) {
        last = Optional.of(client);
        return new Found.Engine(client);
      }
      return new Found.Nothing(
          "no container engine answers at "
              + name
              + "="
              + value
              + " ("
              + problem.get()
              + ")"
              + ADVICE);
    } catch (EngineAddress.UnusableException e) {
      return new Found.Nothing(
          "no container engine: " + name + "=" + value + " cannot be used: " + e.getMessage());
    }
  }

  private Found findUsual() {
    List<String> tried = new ArrayList<>();
    for (String path : usualSockets()) {
      try {
        EngineClient client = new EngineClient(EngineAddress.ofSocket(path));
        Optional<String> problem = Files.exists(Path.of(path)) ? answers(client) : absent();
        if (problem.isEmpty()) {
          last = Optional.of(client);
          return new Found.Engine(client);
        }
        tried.add(path + " (" + problem.get() + ")");
      } catch (EngineAddress.UnusableException e) {
        tried.add(path + " (" + e.getMessage() + ")");
      }
    }
    return new Found.Nothing(
        "no container engine answers: tried " + String.join(", ", tried) + ADVICE);
  }

  private static Optional<String> absent() {
    return Optional.of("is not there");
  }

  /// Why it does not answer; empty when it does.
  private static Optional<String> answers(EngineClient client) {
    try {
      client.ping();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Where Docker, Podman and their desktop forms listen.
  private Set<String> usualSockets() {
    Set<String> paths = new LinkedHashSet<>();
    paths.add("/var/run/docker.sock");
    paths.add("/run/podman/podman.sock");
    String runtimeFolder = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (runtimeFolder.startsWith("/")) {
      paths.add(runtimeFolder + "/docker.sock");
      paths.add(runtimeFolder + "/podman/podman.sock");
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.startsWith("/") && home.length() > 1) {
      paths.add(home + "/.docker/run/docker.sock");
      paths.add(home + "/.colima/default/docker.sock");
      paths.add(home + "/.rd/docker.sock");
    }
    return paths;
  }
}
