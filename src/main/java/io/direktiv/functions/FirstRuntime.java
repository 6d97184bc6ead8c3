package io.direktiv.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The first of several runtimes that works on this machine, strongest first; once one works it
/// stays. The others run functions that ask for them by name. Safe for use by many threads.
public final class FirstRuntime implements Runtime {
  private final List<Runtime> runtimes;
  private volatile Optional<Runtime> chosen = Optional.empty();

  /// A choice among `runtimes`, of which there is at least one.
  public FirstRuntime(List<Runtime> runtimes) {
    this.runtimes = List.copyOf(runtimes);
  }

  private Optional<Runtime> chosen() {
    if (chosen.isEmpty()) {
      chosen = runtimes.stream().filter(runtime -> runtime.missing().isEmpty()).findFirst();
    }
    return chosen;
  }

  @Override
  public String name() {
    return chosen().orElse(runtimes.getFirst()).name();
  }

  @Override
  public Optional<Runtime> called(String word) {
    return runtimes.stream().filter(runtime -> runtime.name().equals(word)).findFirst();
  }

  @Override
  public Optional<String> missing() {
    if (chosen().isPresent()) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    for (Runtime runtime : runtimes) {
      runtime.missing().ifPresent(reason -> reasons.add(runtime.name() + ": " + reason));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  @Override
  public String describe() {
    return chosen().orElse(runtimes.getFirst()).describe();
  }

  @Override
  public SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException {
    // When none works, the first one says so.
    return chosen().orElse(runtimes.getFirst()).run(sandbox, attendant);
  }

  @Override
  public void stop(String sandboxId) {
    runtimes.forEach(runtime -> runtime.stop(sandboxId));
  }

  @Override
  public void kill(String sandboxId) {
    runtimes.forEach(runtime -> runtime.kill(sandboxId));
  }

  @Override
  public void close() {
    runtimes.forEach(Runtime::close);
  }
}
