package io.direktiv.functions.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Podman's service with images, containers and configuration of its own.
///
/// It runs with `runc` where that is there, since Debian's `crun` refuses hybrid cgroups, and says
/// the limits of containers itself, since Podman's own ask for more than this kind of machine lets
/// a process have.
public final class PodmanEngine extends TestEngine {
  private static final String LIMITS = "default_ulimits=[\"nofile=1024:1024\",\"nproc=1024:1024\"]";

  private PodmanEngine(Path folder) {
    super(folder);
  }

  /// Starts one that may pull from `insecureRegistry` without TLS; aborts the test with the reason
  /// where that is not possible.
  public static PodmanEngine start(String... insecureRegistry) {
    requireInstalled("podman");
    try {
      PodmanEngine engine = new PodmanEngine(Files.createTempDirectory("engine"));
      engine.configure(insecureRegistry);
      engine.startOrAbort("podman's service");
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void configure(String... insecureRegistry) throws IOException {
    String runtime = find("runc").isEmpty() ? "crun" : "runc";
    Files.writeString(
        folder().resolve("containers.conf"),
        "[containers]\n"
            + LIMITS
            + "\n[engine]\nruntime=\""
            + runtime
            + "\"\ncgroup_manager=\"cgroupfs\"\nevents_logger=\"none\"\n");
    Files.writeString(
        folder().resolve("storage.conf"),
        "[storage]\ndriver=\"vfs\"\ngraphroot=\""
            + folder().resolve("root")
            + "\"\nrunroot=\""
            + folder().resolve("run")
            + "\"\n");
    StringBuilder registries = new StringBuilder("unqualified-search-registries=[\"docker.io\"]\n");
    for (String registry : insecureRegistry) {
      registries.append("[[registry]]\nlocation=\"").append(registry).append("\"\ninsecure=true\n");
    }
    Files.writeString(folder().resolve("registries.conf"), registries);
  }

  /// Kills the service; containers run on, and `resume` starts it again.
  void kill() {
    process().destroyForcibly();
    try {
      process().waitFor();
      Files.deleteIfExists(socket());
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  ProcessBuilder service() {
    ProcessBuilder builder =
        new ProcessBuilder(
            "podman",
            "--tmpdir",
            folder().resolve("tmp").toString(),
            "system",
            "service",
            "--time=0",
            "unix://" + socket());
    builder
        .environment()
        .putAll(
            Map.of(
                "CONTAINERS_CONF", folder().resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", folder().resolve("storage.conf").toString(),
                "CONTAINERS_REGISTRIES_CONF", folder().resolve("registries.conf").toString()));
    return builder;
  }

  @Override
  String answerWithoutLogin() {
    return "unauthorized";
  }
}
