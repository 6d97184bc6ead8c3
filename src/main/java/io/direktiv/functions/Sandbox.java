package io.direktiv.functions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What to run.
///
/// @param id names it on the machine
/// @param image the image's reference
/// @param command replaces the image's command when not empty
/// @param environment variables, which may hold secrets
/// @param files the directory that the sandbox sees as `/direktiv-data`
/// @param limits what it may use
/// @param credentials for the image's registry
public record Sandbox(
    String id,
    String image,
    List<String> command,
    Map<String, String> environment,
    Path files,
    SandboxLimits limits,
    Optional<RegistryCredentials> credentials) {
  public Sandbox {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  @Override
  public String toString() {
    return "Sandbox[" + id + ", " + image + "]";
  }
}
