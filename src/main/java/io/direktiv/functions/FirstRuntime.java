package io.direktiv.functions;

import io.direktiv.engine.Codes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The first of several runtimes that works on this machine, strongest first; once one works it
/// stays. The others run functions that ask for them by name. Safe for use by many threads.
public final class FirstRuntime implements Runtime {
  private final List<Runtime> runtimes;
  private volatile Optional<Runtime> chosen = Optional.empty();

  /// A choice among `runtimes`, of which there is at least one.
  public FirstRuntime(List<Runtime> runtimes) {
    this.runtimes = List.copyOf(runtimes);
  }

  /// The runtime that works, or why none does.
  private record Choice(Optional<Runtime> runtime, List<String> reasons) {}

  private Choice choice() {
    List<String> reasons = new ArrayList<>();
    for (Runtime runtime : runtimes) {
      if (chosen.isPresent()) {
        break;
      }
      Optional<String> missing = runtime.missing();
      missing.ifPresent(reason -> reasons.add(runtime.name() + ": " + reason));
      if (missing.isEmpty()) {
        chosen = Optional.of(runtime);
      }
    }
    return new Choice(chosen, reasons);
  }

  private Runtime chosenOrFirst() {
    return choice().runtime().orElse(runtimes.getFirst());
  }

  @Override
  public String name() {
    return chosenOrFirst().name();
  }

  @Override
  public Optional<Runtime> called(String word) {
    return runtimes.stream().filter(runtime -> runtime.name().equals(word)).findFirst();
  }

  @Override
  public Optional<String> missing() {
    Choice choice = choice();
    return choice.runtime().isPresent()
        ? Optional.empty()
        : Optional.of(String.join("; ", choice.reasons()));
  }

  @Override
  public String describe() {
    return chosenOrFirst().describe();
  }

  @Override
  public ImageFacts image(Sandbox sandbox, Consumer<OutputLine> output) throws SandboxException {
    return working().image(sandbox, output);
  }

  @Override
  public void expect(Sandbox sandbox) throws SandboxException {
    working().expect(sandbox);
  }

  @Override
  public SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException {
    return working().run(sandbox, attendant);
  }

  private Runtime working() throws SandboxException {
    Choice choice = choice();
    return choice
        .runtime()
        .orElseThrow(() ->
            new SandboxException(
                Codes.FUNCTION_UNAVAILABLE,
                "nothing on this machine can run it: " + String.join("; ", choice.reasons())));
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
