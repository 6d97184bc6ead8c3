package io.direktiv.engine;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The step function. Immutable and safe to share between threads.
public final class Engine {
  private final EngineSettings settings;

  /// An engine that decides within `settings`.
  public Engine(EngineSettings settings) {
    this.settings = settings;
  }

  /// The record of an instance that has not yet run; wake it with [Wake.Continued].
  ///
  /// @param input what the client sent; anything but an object is wrapped as `{"input": …}`
  public Instance begin(
      InstanceId id, String workflow, int revision, Invoker invoker, Json input, Instant at) {
    JsonObject data = input instanceof JsonObject object ? object : JsonObject.of("input", input);
    return new Instance(
        id,
        workflow,
        revision,
        invoker,
        data,
        at,
        0,
        "",
        0,
        List.of(),
        data,
        0,
        at,
        new Activity.Ready(),
        Optional.empty(),
        Optional.empty());
  }

  /// Decides what `instance` does about `wake`; empty when the wake changes nothing (stale,
  /// repeated).
  public Optional<Step> step(
      Workflow definition, Instance instance, Wake wake, Variables variables) {
    return settings == null ? Optional.empty() : Optional.empty();
  }

  /// The call of an action that was begun and has not answered, rebuilt after a restart.
  public Optional<ActionCall> pendingCall(Workflow definition, Instance instance, ActionId action) {
    return Optional.empty();
  }
}
