package io.direktiv.engine.logic;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.json.Json;
import io.direktiv.model.Action;
import io.direktiv.model.State;
import io.direktiv.model.Workflow;
import java.util.Optional;

/// Makes the calls of actions.
final class Calls {
  private Calls() {}

  /// The call of the branch `branch` of `state`; empty when the state has no such action.
  static Optional<ActionCall> of(
      Workflow definition, Instance instance, State state, int branch, Json data) {
    return action(state, branch)
        .map(action ->
            new ActionCall(
                new ActionId(instance.id(), instance.step(), branch),
                state.id(),
                target(definition, action),
                action.input(),
                data,
                action.secrets(),
                state instanceof State.Act act && act.isAsync(),
                instance.invoker().depth() + 1,
                instance.invoker().root(instance.id())));
  }

  private static ActionCall.Target target(Workflow definition, Action action) {
    return switch (action.target()) {
      case Action.Target.Function(String id) ->
          new ActionCall.Target.Function(definition.functions().get(id));
      case Action.Target.Subflow(String workflow) -> new ActionCall.Target.Subflow(workflow);
    };
  }

  private static Optional<Action> action(State state, int branch) {
    return switch (state) {
      case State.Act act -> Optional.of(act.action());
      case State.Foreach foreach -> Optional.of(foreach.action());
      case State.Callback callback -> Optional.of(callback.action());
      case State.Parallel parallel ->
          branch < parallel.actions().size()
              ? Optional.of(parallel.actions().get(branch))
              : Optional.empty();
      case State.Noop _,
          State.Switch _,
          State.Validate _,
          State.Delay _,
          State.Raise _,
          State.ConsumeEvent _,
          State.EventXor _,
          State.EventAnd _,
          State.GenerateEvent _,
          State.Getter _,
          State.Setter _ ->
          Optional.empty();
    };
  }

  /// `Function 'f'` or `Subflow 'w'`, as the logs name it.
  static String name(Action action) {
    return switch (action.target()) {
      case Action.Target.Function(String id) -> "function '" + id + "'";
      case Action.Target.Subflow(String workflow) -> "subflow '" + workflow + "'";
    };
  }

  /// The same with a capital letter.
  static String title(Action action) {
    String name = name(action);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /// Logs a failed action and fails the state with its error.
  static StateFailure failed(Turn turn, Failure failure) {
    switch (failure.kind()) {
      case CATCHABLE ->
          turn.logError(
              "Action raised catchable error '"
                  + failure.error().code()
                  + "': "
                  + failure.error().message()
                  + ".");
      case UNCATCHABLE ->
          turn.logError(
              "Action raised uncatchable error '"
                  + failure.error().code()
                  + "': "
                  + failure.error().message()
                  + ".");
      case INTERNAL -> turn.logError("Action crashed due to an internal error.");
    }
    return new StateFailure(failure);
  }
}
