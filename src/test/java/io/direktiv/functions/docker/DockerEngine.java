package io.direktiv.functions.docker;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Docker's daemon, started by root, without a network of its own and without firewall rules, so
/// that nothing of the machine changes.
public final class DockerEngine extends TestEngine {
  private DockerEngine(Path folder) {
    super(folder);
  }

  /// Starts one; aborts the test with the reason where that is not possible. It may pull without
  /// TLS from registries on this machine, as every Docker may.
  public static DockerEngine start() {
    if (find("dockerd").isEmpty()) {
      abort("dockerd is not here; ./dev check as root installs it where no service manager runs");
    }
    requireInstalled();
    if (!"root".equals(System.getProperty("user.name"))) {
      abort("dockerd wants to be started by root");
    }
    try {
      DockerEngine engine = new DockerEngine(Files.createTempDirectory("engine"));
      Files.writeString(engine.configuration(), "{}");
      engine.startOrAbort("dockerd");
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  ProcessBuilder service() {
    return new ProcessBuilder(
        "dockerd",
        "--host=unix://" + socket(),
        "--data-root=" + folder().resolve("root"),
        "--exec-root=" + folder().resolve("run"),
        "--pidfile=" + folder().resolve("pid"),
        "--config-file=" + configuration(),
        "--storage-driver=vfs",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false");
  }

  /// A file that keeps the machine's own configuration away.
  private Path configuration() {
    return folder().resolve("daemon.json");
  }

  @Override
  String answerWithoutLogin() {
    return "no basic auth credentials";
  }
}
