package io.direktiv.execution;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Failure;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Functions;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Functions whose answers depend on the action and its input alone.
record SimFunctions(InstantSource clock) implements Functions {
  @Override
  public Outcome call(FunctionCall call, Consumer<LogLine> log) {
    log.accept(LogLine.info(clock.instant(), "called " + call.function().id()));
    ActionId id = call.id();
    long n = ((JsonNumber) ((JsonObject) call.input()).get("n")).longValue();
    int chance = (id.instance().workflow() + id.step() + ":" + id.branch()).hashCode();
    if (call.function().id().equals("flaky") && Math.floorMod(chance, 3) > 0) {
      return new Outcome.Failed(Failure.catchable("sim.flaky", "it did not work this time"));
    }
    return new Outcome.Returned(JsonObject.of("n", Json.of((n * 2 + 1) % 1_000_003)));
  }

  @Override
  public void cancel(ActionId id) {
    // A call is over before it can be cancelled.
  }

  @Override
  public String describe() {
    return "functions of the simulation";
  }
}
