package io.direktiv.functions.docker;

import static org.junit.jupiter.api.Assumptions.abort;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real engine for tests: Podman's service on a socket of its own, with images, containers and
/// configuration in a temporary folder. Nothing of it is left after `close`.
///
/// It runs with `runc` where that is there, since Debian's `crun` refuses hybrid cgroups, and says
/// the limits of containers itself, since Podman's own ask for more than this kind of machine lets
/// a process have.
public final class PodmanEngine implements AutoCloseable {
  private static final String LIMITS = "default_ulimits=[\"nofile=1024:1024\",\"nproc=1024:1024\"]";
  private final Path folder;
  private Process process;

  private PodmanEngine(Path folder) {
    this.folder = folder;
  }

  /// Starts one that may pull from `insecureRegistry` without TLS; aborts the test with the reason
  /// where that is not possible.
  public static PodmanEngine start(String... insecureRegistry) {
    if (find("podman").isEmpty()) {
      abort("podman is not here; ./dev check as root installs it");
    }
    if (TestImage.busybox().isEmpty()) {
      abort("a static busybox is not here; ./dev check as root installs it");
    }
    try {
      PodmanEngine engine = new PodmanEngine(Files.createTempDirectory("engine"));
      engine.configure(insecureRegistry);
      if (!engine.resume()) {
        String log = Files.readString(engine.folder.resolve("log"));
        engine.close();
        abort("podman's service does not run on this machine: " + log);
      }
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> find(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(path -> Path.of(path, command))
        .filter(Files::isExecutable)
        .toList();
  }

  private void configure(String... insecureRegistry) throws IOException {
    String runtime = find("runc").isEmpty() ? "crun" : "runc";
    Files.writeString(
        folder.resolve("containers.conf"),
        "[containers]\n"
            + LIMITS
            + "\n[engine]\nruntime=\""
            + runtime
            + "\"\ncgroup_manager=\"cgroupfs\"\nevents_logger=\"none\"\n");
    Files.writeString(
        folder.resolve("storage.conf"),
        "[storage]\ndriver=\"vfs\"\ngraphroot=\""
            + folder.resolve("root")
            + "\"\nrunroot=\""
            + folder.resolve("run")
            + "\"\n");
    StringBuilder registries = new StringBuilder("unqualified-search-registries=[\"docker.io\"]\n");
    for (String registry : insecureRegistry) {
      registries.append("[[registry]]\nlocation=\"").append(registry).append("\"\ninsecure=true\n");
    }
    Files.writeString(folder.resolve("registries.conf"), registries);
  }

  /// Starts the service again after `kill`.
  ///
  /// @return false when it does not answer
  public boolean resume() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              "podman",
              "--tmpdir",
              folder.resolve("tmp").toString(),
              "system",
              "service",
              "--time=0",
              "unix://" + socket());
      builder
          .environment()
          .putAll(
              Map.of(
                  "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
                  "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString(),
                  "CONTAINERS_REGISTRIES_CONF", folder.resolve("registries.conf").toString()));
      process =
          builder
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
              .start();
      return answers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    for (int i = 0; i < 200 && process.isAlive(); i++) {
      try {
        client().ping();
        return true;
      } catch (IOException _) {
        pause();
      }
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Kills the service; containers run on.
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(socket());
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public Path socket() {
    return folder.resolve("s");
  }

  /// The variables with which this engine is found, and no other.
  public Map<String, String> environment() {
    return Map.of("DIREKTIV_CONTAINER_HOST", "unix://" + socket());
  }

  EngineClient client() {
    try {
      return new EngineClient(EngineAddress.ofSocket(socket().toString()));
    } catch (EngineAddress.UnusableException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes an image known.
  public void load(TestImage image) {
    try (Answer answer = client().send("POST", "/images/load", image.archive())) {
      answer.requireSuccess();
      answer.body().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The containers that are there, running or not.
  public List<JsonObject> containers() {
    try {
      return ((JsonArray) client().getAny("/containers/json?all=1"))
          .toList().stream().map(JsonObject.class::cast).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until no container is left; false when that does not come.
  public boolean awaitEmpty() {
    for (int i = 0; i < 200; i++) {
      if (containers().isEmpty()) {
        return true;
      }
      pause();
    }
    return false;
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      removeContainers();
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    // Helpers that clean up after a container may outlive the service and write once more.
    for (int i = 0; i < 10 && Files.exists(folder); i++) {
      delete();
      pause();
      pause();
    }
  }

  private void removeContainers() {
    for (JsonObject container : containers()) {
      try {
        ContainerRun.remove(client(), ContainerRun.text(container, "Id"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A field of the engine's description of an image.
  Json image(String name, String field) {
    try {
      return client().get("/images/" + name + "/json").get(field);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
