package io.direktiv.functions;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A runtime whose sandboxes do what the test says.
final class FakeRuntime implements Runtime {
  final List<Sandbox> ran = new CopyOnWriteArrayList<>();
  final List<String> stopped = new CopyOnWriteArrayList<>();
  Optional<String> missing = Optional.empty();
  Set<String> exposedPorts = Set.of();
  private final Work work;
  private String name = "docker";

  /// What a sandbox does.
  interface Work {
    SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException;
  }

  FakeRuntime(Work work) {
    this.work = work;
  }

  /// A runtime whose sandboxes end with `exit` and leave `files`, which are names and texts in
  /// turn.
  static FakeRuntime leaving(Exit exit, String... files) {
    Map<String, SandboxFile> left = new HashMap<>();
    for (int i = 0; i < files.length; i += 2) {
      byte[] bytes = files[i + 1].getBytes(StandardCharsets.UTF_8);
      left.put(files[i], new SandboxFile.Content(bytes));
    }
    return new FakeRuntime((_, _) -> new SandboxEnd(exit, left));
  }

  FakeRuntime named(String other) {
    name = other;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<String> missing() {
    return missing;
  }

  @Override
  public ImageFacts image(Sandbox sandbox, Consumer<OutputLine> output) {
    return new ImageFacts("1", exposedPorts);
  }

  @Override
  public SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException {
    ran.add(sandbox);
    return work.run(sandbox, attendant);
  }

  @Override
  public void stop(String sandboxId) {
    stopped.add(sandboxId);
  }

  @Override
  public void kill(String sandboxId) {
    stopped.add(sandboxId);
  }

  @Override
  public void close() {
    // Nothing to close.
  }
}
