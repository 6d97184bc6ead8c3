package io.direktiv.local.jq;

import io.direktiv.model.Action;
import io.direktiv.model.EventPattern;
import io.direktiv.model.Expression;
import io.direktiv.model.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The expressions of a state by where they stand in it, such as `conditions[0].condition`.
///
/// `transform` comes last: in an instance it sees what the rest of the state did.
final class StateExpressions {
  private final Map<String, Expression> found = new LinkedHashMap<>();

  private StateExpressions() {}

  /// The expressions of `state` in the order in which an instance meets them.
  static Map<String, Expression> of(State state) {
    StateExpressions all = new StateExpressions();
    all.put("log", state.base().log());
    all.own(state);
    all.put("transform", state.base().transform());
    return all.found;
  }

  /// The actions of `state`.
  static List<Action> actions(State state) {
    return switch (state) {
      case State.Act act -> List.of(act.action());
      case State.Foreach foreach -> List.of(foreach.action());
      case State.Parallel parallel -> parallel.actions();
      case State.Callback callback -> List.of(callback.action());
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
          List.of();
    };
  }

  private void put(String place, Optional<Expression> expression) {
    expression.ifPresent(present -> found.put(place, present));
  }

  private void own(State state) {
    switch (state) {
      case State.Act act -> put("action.input", act.action().input());
      case State.Switch choice -> conditions(choice);
      case State.Validate validate -> put("subject", validate.subject());
      case State.Raise raise -> all("args", raise.args());
      case State.Foreach foreach -> {
        found.put("array", foreach.array());
        put("action.input", foreach.action().input());
      }
      case State.Parallel parallel -> {
        for (int i = 0; i < parallel.actions().size(); i++) {
          put("actions[" + i + "].input", parallel.actions().get(i).input());
        }
      }
      case State.ConsumeEvent consume -> context("event", consume.event());
      case State.EventXor any -> {
        for (int i = 0; i < any.events().size(); i++) {
          context("events[" + i + "].event", any.events().get(i).event());
          put("events[" + i + "].transform", any.events().get(i).transform());
        }
      }
      case State.EventAnd every -> {
        for (int i = 0; i < every.events().size(); i++) {
          context("events[" + i + "]", every.events().get(i));
        }
      }
      case State.GenerateEvent generate -> {
        put("event.data", generate.event().data());
        generate
            .event()
            .context()
            .forEach((key, value) -> found.put("event.context." + key, value));
      }
      case State.Callback callback -> {
        put("action.input", callback.action().input());
        context("event", callback.event());
      }
      case State.Setter setter -> {
        for (int i = 0; i < setter.variables().size(); i++) {
          found.put("variables[" + i + "].value", setter.variables().get(i).value());
        }
      }
      case State.Noop _, State.Delay _, State.Getter _ -> {
        // Nothing of their own.
      }
    }
  }

  private void conditions(State.Switch choice) {
    for (int i = 0; i < choice.conditions().size(); i++) {
      State.Condition condition = choice.conditions().get(i);
      found.put("conditions[" + i + "].condition", condition.condition());
      put("conditions[" + i + "].transform", condition.transform());
    }
    put("defaultTransform", choice.defaultTransform());
  }

  private void all(String place, List<Expression> expressions) {
    for (int i = 0; i < expressions.size(); i++) {
      found.put(place + "[" + i + "]", expressions.get(i));
    }
  }

  private void context(String place, EventPattern pattern) {
    pattern.context().forEach((key, value) -> found.put(place + ".context." + key, value));
  }
}
