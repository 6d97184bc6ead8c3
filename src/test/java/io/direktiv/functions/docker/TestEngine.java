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

/// A real engine for tests, on a socket of its own, with everything it keeps in a temporary folder.
/// Nothing of it is left after `close`.
public abstract class TestEngine implements AutoCloseable {
  /// 30 s: a busy machine takes long to start one.
  private static final int START_LOOKS_MAX = 600;

  private final Path folder;
  private Process process;

  /// An engine that will keep everything in `folder`.
  protected TestEngine(Path folder) {
    this.folder = folder;
  }

  /// Aborts the test where one of `commands` or a static busybox is missing.
  static void requireInstalled(String... commands) {
    for (String command : commands) {
      if (find(command).isEmpty()) {
        abort(command + " is not here; ./dev check as root installs it");
      }
    }
    if (TestImage.busybox().isEmpty()) {
      abort("a static busybox is not here; ./dev check as root installs it");
    }
  }

  static List<Path> find(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(path -> Path.of(path, command))
        .filter(Files::isExecutable)
        .toList();
  }

  /// Aborts the test with the engine's log where it does not run.
  final void startOrAbort(String name) throws IOException {
    if (!resume()) {
      String log = Files.readString(folder.resolve("log"));
      close();
      abort(name + " does not run on this machine: " + log);
    }
  }

  /// The process that listens at [#socket].
  abstract ProcessBuilder service();

  /// Starts the service; false when it does not answer.
  final boolean resume() {
    try {
      process =
          service()
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
              .start();
      return answers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where it keeps everything.
  final Path folder() {
    return folder;
  }

  private boolean answers() {
    for (int i = 0; i < START_LOOKS_MAX && process.isAlive(); i++) {
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

  /// The process that listens, or did.
  final Process process() {
    return process;
  }

  /// What it says of a registry that wants a login when there is none.
  abstract String answerWithoutLogin();

  public Path socket() {
    return folder.resolve("s");
  }

  /// The variables with which this engine is found, and no other.
  public Map<String, String> environment() {
    return Map.of("DIREKTIV_CONTAINER_HOST", "unix://" + socket(), "DIREKTIV_ISOLATION", "docker");
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
