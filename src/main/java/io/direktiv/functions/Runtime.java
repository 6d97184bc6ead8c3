package io.direktiv.functions;

import java.util.Optional;
import java.util.function.Consumer;

/// Runs sandboxes: one implementation for each way of isolating. Safe for use by many threads.
public interface Runtime {
  /// The word in the setting `DIREKTIV_ISOLATION` and in the key `isolation`.
  String name();

  /// What is missing on this machine, one sentence; empty when it can run.
  Optional<String> missing();

  /// Runs one sandbox from start to removal and blocks meanwhile.
  ///
  /// @param output receives each line of stdout and stderr while the sandbox runs
  /// @throws SandboxException when the sandbox could not be made: image, engine, network
  Exit run(Sandbox sandbox, Consumer<OutputLine> output) throws SandboxException;

  /// Stops a running sandbox: asks, and kills after a grace period. Unknown ids are fine.
  void stop(String sandboxId);

  /// Removes what an earlier server left behind.
  void sweep();

  /// A line that a sandbox printed.
  ///
  /// @param isError true for stderr
  record OutputLine(boolean isError, String text) {}
}
