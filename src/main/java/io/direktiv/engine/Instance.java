package io.direktiv.engine;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Everything that the engine knows of one instance: its durable record.
///
/// ```
///   Ready ──step──▶ Sleeping | Acting | Listening | Retrying ──wake──▶ … ──▶ ended
/// ```
///
/// @param workflow uid of the workflow it was started from
/// @param revision the revision it keeps until it ends
/// @param input the data it was started with
/// @param sequence how many steps were committed; guards against a second writer
/// @param stateId the current state, the last one when ended; empty before the first
/// @param step visits of states so far
/// @param flow the visited states, oldest first, at most [Limits#FLOW_MAX] of the newest
/// @param data the data with which the current state was entered
/// @param attempt runs of the current state in a row, from 1
/// @param enteredAt when the current state was entered
/// @param raised the error of an `error` state, which the instance will end with
/// @param ending how it ended, once it has
public record Instance(
    InstanceId id,
    String workflow,
    int revision,
    Invoker invoker,
    JsonObject input,
    Instant beganAt,
    long sequence,
    String stateId,
    int step,
    List<String> flow,
    JsonObject data,
    int attempt,
    Instant enteredAt,
    Activity activity,
    Optional<WorkflowError> raised,
    Optional<Ending> ending) {
  public Instance {
    flow = List.copyOf(flow);
  }

  /// How an instance ended.
  ///
  /// @param output the final data; present when complete, and when failed by an `error` state
  public record Ending(
      Status status, Instant at, Optional<Json> output, Optional<WorkflowError> error) {}

  /// Where the instance is in its life.
  public Status status() {
    return ending.map(Ending::status).orElse(Status.PENDING);
  }
}
