package io.direktiv.functions;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Failure;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import java.util.function.Consumer;

/// Functions where there is nothing to run them with: every call fails with a catchable error.
///
/// @param reason what is missing and how to get it, one sentence
public record NoFunctions(String reason) implements Functions {
  @Override
  public Outcome call(FunctionCall call, Consumer<LogLine> log) {
    return new Outcome.Failed(Failure.catchable(Codes.FUNCTION_UNAVAILABLE, reason));
  }

  @Override
  public void cancel(ActionId id) {
    // Nothing ever runs.
  }

  @Override
  public String describe() {
    return "functions: none (" + reason + ")";
  }
}
