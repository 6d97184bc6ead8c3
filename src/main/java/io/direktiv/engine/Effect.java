package io.direktiv.engine;

import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import io.direktiv.model.VariableScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something that the world must do after a step was committed. At least once.
public sealed interface Effect {
  /// Perform an action: compute its input, call, and wake the instance with the outcome.
  record Perform(ActionCall call) implements Effect {}

  /// Stop an action whose outcome is no longer wanted.
  record CancelAction(ActionId action) implements Effect {}

  /// Wake the instance at `due`.
  record SetTimer(TimerId timer, Instant due) implements Effect {}

  /// Forget a timer.
  record ClearTimer(TimerId timer) implements Effect {}

  /// Wake the instance when events fit one of `filters`.
  ///
  /// @param isAll true when the instance waits for all of them
  record Listen(ListenerId listener, List<EventFilter> filters, boolean isAll) implements Effect {
    public Listen {
      filters = List.copyOf(filters);
    }
  }

  /// Forget a listener.
  record StopListening(ListenerId listener) implements Effect {}

  /// Publish an event in the instance's namespace.
  record Publish(CloudEvent event) implements Effect {}

  /// Write a variable; absent `value` deletes it. Committed with the step.
  record SetVariable(VariableScope scope, String key, Optional<byte[]> value, String mimeType)
      implements Effect {}
}
