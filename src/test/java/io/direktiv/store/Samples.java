package io.direktiv.store;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Status;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records for tests of stores.
public final class Samples {
  /// When everything happens.
  public static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

  private static final byte[] BYTES = {1, 2, 3};

  private Samples() {}

  /// A namespace.
  public static NamespaceRecord namespace(String name) {
    return new NamespaceRecord(name, NOON, BYTES);
  }

  /// Revision 0 of a workflow with the uid `u-<namespace>-<id>`.
  public static WorkflowRecord workflow(String namespace, String id) {
    return revision(namespace, id, 0);
  }

  /// A revision of [#workflow].
  public static WorkflowRecord revision(String namespace, String id, int revision) {
    String source = "id: " + id + " # " + revision;
    return new WorkflowRecord(
        uid(namespace, id), namespace, id, revision, true, NOON, NOON, "about", "", source);
  }

  /// The uid of [#workflow].
  public static String uid(String namespace, String id) {
    return "u-" + namespace + "-" + id;
  }

  /// The id of an instance.
  public static InstanceId id(String namespace, String workflow, String suffix) {
    return new InstanceId(namespace, workflow, suffix);
  }

  /// An instance that was just begun, of revision 0.
  public static Instance instance(InstanceId id) {
    return with(id, 1, JsonObject.of("n", Json.of(1L)), new Activity.Ready(), Optional.empty());
  }

  /// The same with another sequence and activity.
  public static Instance waiting(InstanceId id, long sequence, Activity activity) {
    return with(id, sequence, JsonObject.of("n", Json.of(1L)), activity, Optional.empty());
  }

  /// The same with other data.
  public static Instance holding(InstanceId id, long sequence, JsonObject data) {
    return with(id, sequence, data, new Activity.Ready(), Optional.empty());
  }

  /// The same, ended at `at`.
  public static Instance ended(InstanceId id, long sequence, Status status, Instant at) {
    Optional<WorkflowError> error =
        status == Status.COMPLETE
            ? Optional.empty()
            : Optional.of(new WorkflowError("my.code", "it failed"));
    Instance.Ending ending = new Instance.Ending(status, at, Optional.of(Json.of("out")), error);
    return with(id, sequence, JsonObject.EMPTY, new Activity.Ready(), Optional.of(ending));
  }

  private static Instance with(
      InstanceId id,
      long sequence,
      JsonObject data,
      Activity activity,
      Optional<Instance.Ending> ending) {
    return new Instance(
        id,
        uid(id.namespace(), id.workflow()),
        0,
        new Invoker.Api(),
        JsonObject.of("in", Json.of("put")),
        NOON,
        sequence,
        "first",
        1,
        List.of("first"),
        data,
        1,
        NOON,
        activity,
        Optional.empty(),
        ending);
  }

  /// An activity of `size` started branches.
  public static Activity.Acting acting(int size) {
    Activity.Branch branch = new Activity.Branch(Optional.empty(), true, Optional.empty());
    return new Activity.Acting(java.util.Collections.nCopies(size, branch), size, 0);
  }

  /// An action of step 1 that is awaited.
  public static ActionRecord action(InstanceId id, int branch, ActionRecord.Kind kind) {
    return new ActionRecord(
        new ActionId(id, 1, branch),
        kind,
        kind == ActionRecord.Kind.CANCEL,
        uid(id.namespace(), id.workflow()),
        0,
        "first",
        Optional.empty(),
        1);
  }

  /// A passed visit.
  public static Visit visit(int step) {
    return new Visit(
        step,
        "state" + step,
        "noop",
        1,
        NOON,
        NOON,
        Visit.Result.PASSED,
        Optional.of(Json.of((long) step)),
        Optional.empty(),
        Optional.of("next"));
  }

  /// A log line.
  public static LogLine line(String message) {
    return LogLine.info(NOON, message);
  }

  /// An event.
  public static EventRecord event(String namespace, String id) {
    return new EventRecord(namespace, 0, NOON, cloudEvent(id), false, List.of());
  }

  /// An event of the type `greeting`.
  public static CloudEvent cloudEvent(String id) {
    return new CloudEvent(
        JsonObject.builder()
            .put("specversion", "1.0")
            .put("id", id)
            .put("source", "tests")
            .put("type", "greeting")
            .build());
  }

  /// A listener of a workflow for events of `types`.
  public static ListenerRecord listener(String namespace, String workflow, String... types) {
    List<EventFilter> filters =
        java.util.Arrays.stream(types)
            .map(type -> new EventFilter(type, Map.of("source", Json.of("t*"))))
            .toList();
    String uid = uid(namespace, workflow);
    return new ListenerRecord(
        uid,
        namespace,
        new ListenerRecord.Owner.OfWorkflow(uid),
        0,
        NOON,
        filters,
        true,
        Optional.empty(),
        List.of("key"),
        JsonArray.EMPTY);
  }
}
