package io.direktiv.functions;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What to run.
///
/// @param id names it on the machine
/// @param image the image's reference
/// @param command replaces the image's command when not empty
/// @param environment variables; they show in the engine's inspection, so they hold no secrets
/// @param filesIn the files it finds in [#DATA], by name; they may hold secrets
/// @param filesOut the files to bring back from [#DATA], by name, with the most bytes of each
/// @param limits what it may use
/// @param credentials for the image's registry
public record Sandbox(
    String id,
    String image,
    List<String> command,
    Map<String, String> environment,
    Map<String, byte[]> filesIn,
    Map<String, Integer> filesOut,
    SandboxLimits limits,
    Optional<RegistryCredentials> credentials) {
  /// The folder through which files go in and come out. It is empty but for `filesIn`, and anybody
  /// in the sandbox may write to it.
  public static final String DATA = "/direktiv-data";

  public Sandbox {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    filesIn = Map.copyOf(filesIn);
    filesOut = Map.copyOf(filesOut);
  }

  @Override
  public String toString() {
    return "Sandbox[" + id + ", " + image + "]";
  }
}
