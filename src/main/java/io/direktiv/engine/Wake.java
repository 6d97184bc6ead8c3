package io.direktiv.engine;

import io.direktiv.model.CloudEvent;
import java.time.Instant;
import java.util.List;

/// Why an instance runs again. Acting twice on the same wake changes nothing.
public sealed interface Wake {
  /// The time at which the engine decides.
  Instant at();

  /// It begins, or goes on after a yield or a restart.
  record Continued(Instant at) implements Wake {}

  /// A timer is due.
  record TimerFired(Instant at, TimerId timer) implements Wake {}

  /// An action answered.
  ///
  /// @param variables what it wrote; written together with the outcome, or not at all
  record ActionFinished(
      Instant at, ActionId action, Outcome outcome, List<Effect.SetVariable> variables)
      implements Wake {
    public ActionFinished {
      variables = List.copyOf(variables);
    }

    /// One that wrote none.
    public ActionFinished(Instant at, ActionId action, Outcome outcome) {
      this(at, action, outcome, List.of());
    }
  }

  /// An event arrived that a listener waits for.
  ///
  /// @param fits indexes of the listener's filters that it fits, at least one, the smallest first
  record EventReceived(Instant at, ListenerId listener, List<Integer> fits, CloudEvent event)
      implements Wake {
    public EventReceived {
      fits = List.copyOf(fits);
    }
  }

  /// Someone wants it to end.
  ///
  /// @param error the code and message it ends with, see [Codes#CANCEL_API]
  record CancelRequested(Instant at, WorkflowError error) implements Wake {}
}
