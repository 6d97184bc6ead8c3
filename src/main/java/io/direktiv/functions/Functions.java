package io.direktiv.functions;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.model.FunctionDefinition;
import java.util.Collection;
import java.util.function.Consumer;

/// Calls functions. Safe for use by many threads.
public interface Functions extends AutoCloseable {
  /// Calls a function and blocks until it has answered; run it on a virtual thread.
  ///
  /// Never throws for what a function, an image or an engine does: that is an [Outcome.Failed] with
  /// a code of reference 1.3 or settled.md.
  ///
  /// @param log receives the function's output line by line while it runs
  Outcome call(FunctionCall call, Consumer<LogLine> log);

  /// Stops a call at once; its `call` returns soon after. Unknown ids are fine.
  void cancel(ActionId id);

  /// Tells which functions a workflow has now, so that those that ask for it with `scale` have
  /// sandboxes ready, and what is of no use any more goes. Returns at once; the last word counts.
  ///
  /// @param functions none when the workflow is inactive or gone
  default void announce(
      String namespace, String workflow, Collection<FunctionDefinition> functions) {
    // Nothing is kept ready.
  }

  /// One sentence for the operator: which runtime was chosen and what is missing for more.
  String describe();

  /// Stops every call and removes what it ran. Their outcomes mean nothing: whoever still needs one
  /// calls again after a restart. Twice is fine.
  @Override
  default void close() {
    // Nothing to stop.
  }
}
