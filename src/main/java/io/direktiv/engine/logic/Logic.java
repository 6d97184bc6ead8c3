package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Outcome;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import java.util.List;
import java.util.Optional;

/// What one kind of state does. Each method either decides or throws [StateFailure].
interface Logic {
  /// The state is entered.
  Decision enter(Turn turn);

  /// An action of the state answered.
  default Decision finished(Turn turn, Activity.Acting acting, int branch, Outcome outcome) {
    throw new IllegalStateException("this state has no actions");
  }

  /// An event arrived that fits the filters with these indexes.
  default Decision received(
      Turn turn, Activity.Listening listening, List<Integer> fits, CloudEvent event) {
    throw new IllegalStateException("this state does not wait for events");
  }

  /// The delay is over.
  default Decision woken(Turn turn) {
    throw new IllegalStateException("this state does not sleep");
  }

  /// How long the state may wait.
  default Optional<IsoDuration> timeout() {
    return Optional.empty();
  }

  /// The ordinary way out of a state with `data`.
  static Decision go(State state, JsonObject data) {
    return new Decision.Go(data, state.base().transform(), state.base().transition());
  }

  /// The logic of `state`.
  static Logic of(State state) {
    return switch (state) {
      case State.Noop noop -> turn -> go(noop, turn.data());
      case State.Act act -> new ActionLogic(act);
      case State.Switch choice -> new SwitchLogic(choice);
      case State.Validate validate -> new ValidateLogic(validate);
      case State.Delay delay -> new DelayLogic(delay);
      case State.Raise raise -> new ErrorLogic(raise);
      case State.Foreach foreach -> new ForeachLogic(foreach);
      case State.Parallel parallel -> new ParallelLogic(parallel);
      case State.ConsumeEvent consume -> new ConsumeEventLogic(consume);
      case State.EventXor xor -> new EventXorLogic(xor);
      case State.EventAnd and -> new EventAndLogic(and);
      case State.GenerateEvent generate -> new GenerateEventLogic(generate);
      case State.Callback callback -> new CallbackLogic(callback);
      case State.Getter getter -> new GetterLogic(getter);
      case State.Setter setter -> new SetterLogic(setter);
    };
  }
}
