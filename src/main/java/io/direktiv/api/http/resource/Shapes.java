package io.direktiv.api.http.resource;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.execution.Execution;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.WorkflowRecord;
import io.direktiv.store.codec.InstanceCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Records as clients see them.
final class Shapes {
  private Shapes() {}

  static JsonObject namespace(NamespaceRecord namespace) {
    return JsonObject.builder()
        .put("name", namespace.name())
        .put("createdAt", time(namespace.createdAt()))
        .build();
  }

  /// A workflow without its text, as in lists.
  static JsonObject workflowSummary(WorkflowRecord workflow) {
    return JsonObject.builder()
        .put("id", workflow.id())
        .put("uid", workflow.uid())
        .put("namespace", workflow.namespace())
        .put("revision", workflow.revision())
        .put("active", workflow.isActive())
        .put("createdAt", time(workflow.createdAt()))
        .put("updatedAt", time(workflow.updatedAt()))
        .put("description", workflow.description())
        .put("logToEvents", workflow.logToEvents())
        .build();
  }

  static JsonObject workflow(WorkflowRecord workflow) {
    return workflowSummary(workflow).with("source", Json.of(workflow.source()));
  }

  static JsonObject instanceSummary(InstanceSummary instance) {
    return id(instance.id())
        .put("status", instance.status().word())
        .put("createdAt", time(instance.beganAt()))
        .put("endedAt", time(instance.endedAt()))
        .put("invoker", instance.invoker())
        .put("errorCode", text(instance.errorCode()))
        .build();
  }

  static JsonObject instance(Instance instance) {
    Optional<Instance.Ending> ending = instance.ending();
    return id(instance.id())
        .put("status", instance.status().word())
        .put("createdAt", time(instance.beganAt()))
        .put("endedAt", time(ending.map(Instance.Ending::at)))
        .put("invoker", InstanceCodec.word(instance.invoker()))
        .put("errorCode", text(ending.flatMap(end -> end.error()).map(error -> error.code())))
        .put("errorMessage", text(ending.flatMap(end -> end.error()).map(error -> error.message())))
        .put("workflowUid", instance.workflow())
        .put("revision", instance.revision())
        .put("state", instance.stateId())
        .put("step", instance.step())
        .put("attempt", instance.attempt())
        .put("flow", JsonArray.of(instance.flow().stream().<Json>map(Json::of).toList()))
        .build();
  }

  static JsonObject.Builder id(InstanceId id) {
    return JsonObject.builder()
        .put("id", id.toString())
        .put("namespace", id.namespace())
        .put("workflow", id.workflow())
        .put("suffix", id.suffix());
  }

  static Json text(Optional<String> text) {
    return text.<Json>map(Json::of).orElse(Json.NULL);
  }

  /// As the store keeps it, in microseconds.
  static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS).toString();
  }

  static Json time(Optional<Instant> time) {
    return text(time.map(Shapes::time));
  }

  static JsonObject logLine(LogLine line) {
    JsonObject.Builder shape =
        JsonObject.builder()
            .put("time", time(line.at()))
            .put("level", line.level().word())
            .put("message", line.message());
    line.stream().ifPresent(stream -> shape.put("stream", stream.word()));
    return shape.build();
  }

  static JsonObject change(Execution.Change change) {
    return id(change.id())
        .put("status", change.status().word())
        .put("state", change.state())
        .build();
  }
}
