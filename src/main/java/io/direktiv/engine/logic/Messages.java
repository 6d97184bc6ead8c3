package io.direktiv.engine.logic;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Invoker;
import io.direktiv.model.Expression;
import java.util.List;

/// Lines of the instance's log that depend on more than one word.
final class Messages {
  private Messages() {}

  /// The first line of an instance's log (reference 1.3).
  static String beginning(Invoker invoker) {
    return switch (invoker) {
      case Invoker.Api _ -> "Beginning workflow triggered by API.";
      case Invoker.Cron _ -> "Beginning workflow triggered by cron scheduler.";
      case Invoker.Events(List<String> ids) ->
          ids.size() == 1
              ? "Beginning workflow triggered by event: " + ids.getFirst()
              : "Beginning workflow triggered by events: " + ids;
      case Invoker.Subflow(ActionId caller, _, _, _, _) ->
          "Beginning workflow triggered as subflow to caller: " + caller.instance();
    };
  }

  /// True for a query that changes nothing.
  static boolean isIdentity(Expression expression) {
    return expression instanceof Expression.Jq jq
        && (jq.query().text().isBlank() || jq.query().text().strip().equals("."));
  }
}
