package io.direktiv.functions;

import java.util.Optional;
import java.util.function.Consumer;

/// Runs sandboxes: one implementation for each way of isolating. Safe for use by many threads.
public interface Runtime extends AutoCloseable {
  /// The word in the setting `DIREKTIV_ISOLATION` and in the key `isolation`.
  String name();

  /// The runtime of that name, if this is it or knows it.
  default Optional<Runtime> called(String word) {
    return word.equals(name()) ? Optional.of(this) : Optional.empty();
  }

  /// What is missing on this machine, one sentence; empty when it can run. Asked anew each time,
  /// since what is missing may come later.
  Optional<String> missing();

  /// For the operator, once it can run: what it is, what it does not limit on this machine, and
  /// what is missing for that.
  default String describe() {
    return name();
  }

  /// The image of `sandbox`. It is fetched when it is not here, and `output` is told so; [#stop]
  /// ends the wait for it, and then the answer means nothing.
  ///
  /// @throws SandboxException when the image cannot be had, or nothing here can run it
  ImageFacts image(Sandbox sandbox, Consumer<OutputLine> output) throws SandboxException;

  /// Says that sandboxes like this one will be asked for: where the runtime makes some ahead, it
  /// has as many ready as [Sandbox#ready] says, as far as there is room, and for as long as it
  /// would after one had run.
  default void expect(Sandbox sandbox) throws SandboxException {
    // Nothing is made ahead.
  }

  /// Runs one sandbox from start to removal and blocks meanwhile.
  ///
  /// What an earlier process left behind is removed before the first sandbox runs.
  ///
  /// @param attendant hears each line of stdout and stderr while the sandbox runs
  /// @throws SandboxException when the sandbox could not be made or was lost: image, engine,
  ///   network
  SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException;

  /// Stops a sandbox that runs or is being made: asks, and kills after a grace period. Returns at
  /// once; `run` then ends with [Exit.Stopped]. Unknown ids are fine, twice is fine.
  void stop(String sandboxId);

  /// Kills a sandbox at once; `run` then ends with [Exit.Stopped]. Unknown ids are fine.
  void kill(String sandboxId);

  /// Removes what still runs here; `run` of these ends soon after. Twice is fine.
  @Override
  void close();

  /// A line that a sandbox printed, or that is to be said about it.
  ///
  /// @param isError true for stderr
  /// @param isNote true when it was not printed by the sandbox
  record OutputLine(boolean isError, String text, boolean isNote) {
    /// A line that a sandbox printed.
    public OutputLine(boolean isError, String text) {
      this(isError, text, false);
    }

    /// What is to be said about a sandbox.
    public static OutputLine note(boolean isError, String text) {
      return new OutputLine(isError, text, true);
    }
  }
}
