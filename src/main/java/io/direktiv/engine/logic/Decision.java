package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Expression;
import java.util.Optional;

/// What a state's logic has decided.
sealed interface Decision {
  /// The state is done.
  ///
  /// @param data what it leaves, before `transform`
  /// @param next the state to go to; absent ends the instance
  record Go(JsonObject data, Optional<Expression> transform, Optional<String> next)
      implements Decision {}

  /// The state waits.
  record Await(Activity activity) implements Decision {}

  /// The state waits as before; only the outcome of one branch is new, and maybe one was started.
  record AwaitMore(Activity.Acting activity) implements Decision {}
}
