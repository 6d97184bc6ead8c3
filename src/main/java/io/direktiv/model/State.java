package io.direktiv.model;

import io.direktiv.schema.Schema;
import java.util.List;
import java.util.Optional;

/// A step of a workflow.
public sealed interface State {
  /// What every kind of state has.
  StateBase base();

  /// The state's id.
  default String id() {
    return base().id();
  }

  /// The word that names this kind in YAML.
  default String type() {
    return switch (this) {
      case Noop _ -> "noop";
      case Act _ -> "action";
      case Switch _ -> "switch";
      case Validate _ -> "validate";
      case Delay _ -> "delay";
      case Raise _ -> "error";
      case Foreach _ -> "foreach";
      case Parallel _ -> "parallel";
      case ConsumeEvent _ -> "consumeEvent";
      case EventXor _ -> "eventXor";
      case EventAnd _ -> "eventAnd";
      case GenerateEvent _ -> "generateEvent";
      case Callback _ -> "callback";
      case Getter _ -> "getter";
      case Setter _ -> "setter";
    };
  }

  /// Does nothing but transform.
  record Noop(StateBase base) implements State {}

  /// Performs one action.
  record Act(StateBase base, Action action, boolean isAsync, Optional<IsoDuration> timeout)
      implements State {}

  /// Chooses the next state.
  record Switch(
      StateBase base,
      List<Condition> conditions,
      Optional<Expression> defaultTransform,
      Optional<String> defaultTransition)
      implements State {}

  /// One way out of a [Switch].
  record Condition(
      Expression condition, Optional<Expression> transform, Optional<String> transition) {}

  /// Checks data against a schema.
  ///
  /// @param subject the value to check; absent for the whole data
  record Validate(StateBase base, Optional<Expression> subject, Schema schema) implements State {}

  /// Waits.
  record Delay(StateBase base, IsoDuration duration) implements State {}

  /// Raises an error.
  ///
  /// @param message printf format
  /// @param args values for the format
  record Raise(StateBase base, String error, String message, List<Expression> args)
      implements State {}

  /// Performs an action for each element.
  ///
  /// @param concurrency how many actions run at once; absent for the server's limit
  record Foreach(
      StateBase base,
      Expression array,
      Action action,
      Optional<IsoDuration> timeout,
      Optional<Integer> concurrency)
      implements State {}

  /// Performs several actions at once.
  record Parallel(
      StateBase base,
      List<Action> actions,
      Mode mode,
      Optional<IsoDuration> timeout,
      Optional<Integer> concurrency)
      implements State {}

  /// When a [Parallel] state is done.
  enum Mode {
    AND,
    OR
  }

  /// Waits for one event.
  record ConsumeEvent(StateBase base, EventPattern event, Optional<IsoDuration> timeout)
      implements State {}

  /// Waits for the first of several events.
  record EventXor(StateBase base, List<EventBranch> events, Optional<IsoDuration> timeout)
      implements State {}

  /// One way out of an [EventXor].
  record EventBranch(
      EventPattern event, Optional<Expression> transform, Optional<String> transition) {}

  /// Waits for all of several events.
  record EventAnd(StateBase base, List<EventPattern> events, Optional<IsoDuration> timeout)
      implements State {}

  /// Publishes an event.
  record GenerateEvent(StateBase base, EventTemplate event) implements State {}

  /// Performs an action, then waits for the event that answers it.
  record Callback(StateBase base, Action action, EventPattern event, Optional<IsoDuration> timeout)
      implements State {}

  /// Reads variables into the data.
  record Getter(StateBase base, List<VariableRead> variables) implements State {}

  /// A variable to read into `.var.<as>`.
  record VariableRead(VariableScope scope, String key, String as) {}

  /// Writes variables.
  record Setter(StateBase base, List<VariableWrite> variables) implements State {}

  /// A variable to write.
  record VariableWrite(
      VariableScope scope, String key, Expression value, Optional<String> mimeType) {}
}
