package io.direktiv.functions;

import io.direktiv.functions.data.GivenFile;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What to run.
///
/// @param id names it on the machine
/// @param namespace whose it is; nothing but what nobody can write to is shared with others
/// @param image the image's reference
/// @param command replaces the image's command when not empty
/// @param environment variables; they show in the engine's inspection, so they hold no secrets
/// @param filesIn what it finds in [#DATA], by path; it may hold secrets
/// @param filesOut what to bring back from [#DATA], by path, with the most bytes of each; a path
///   with a slash at its end is a folder's
/// @param limits what it may use
/// @param credentials for the image's registry
/// @param ready how many more like it should be made ahead at least, where the runtime does such;
///   [#NONE_AHEAD] for not even as many as are called
public record Sandbox(
    String id,
    String namespace,
    String image,
    List<String> command,
    Map<String, String> environment,
    Map<String, GivenFile> filesIn,
    Map<String, Integer> filesOut,
    SandboxLimits limits,
    Optional<RegistryCredentials> credentials,
    int ready) {
  /// The folder through which files go in and come out. It is empty but for `filesIn`, and anybody
  /// in the sandbox may write to it.
  public static final String DATA = "/direktiv-data";

  private static final Duration FOREVER = Duration.ofDays(36_500);

  /// Of a sandbox that lasts, so that its end does not let another one be expected.
  public static final int NONE_AHEAD = -1;

  public Sandbox {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    filesIn = Map.copyOf(filesIn);
    filesOut = Map.copyOf(filesOut);
  }

  /// The same with more files that go in and come out.
  public Sandbox withFiles(Map<String, GivenFile> in, Map<String, Integer> out) {
    Map<String, GivenFile> allIn = new HashMap<>(filesIn);
    allIn.putAll(in);
    Map<String, Integer> allOut = new HashMap<>(filesOut);
    allOut.putAll(out);
    return new Sandbox(
        id, namespace, image, command, environment, allIn, allOut, limits, credentials, ready);
  }

  /// One like it that nobody has called yet, so without what belongs to a call.
  public Sandbox uncalled(String otherId) {
    return new Sandbox(
        otherId,
        namespace,
        image,
        command,
        environment,
        Map.of(),
        Map.of(),
        limits,
        credentials,
        ready);
  }

  /// The same as one that goes on until it is ended.
  public Sandbox lasting() {
    return new Sandbox(
        id,
        namespace,
        image,
        command,
        environment,
        filesIn,
        filesOut,
        limits.withTime(FOREVER),
        credentials,
        NONE_AHEAD);
  }

  @Override
  public String toString() {
    return "Sandbox[" + id + ", " + image + "]";
  }
}
