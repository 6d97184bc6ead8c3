package io.direktiv.api.http.resource;

import static io.direktiv.api.Limits.INPUT_BYTES_MAX;

import io.direktiv.api.Inputs;
import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Document;
import io.direktiv.api.http.exchange.Failures;
import io.direktiv.api.http.exchange.Limits;
import io.direktiv.api.http.exchange.Parameter;
import io.direktiv.api.http.exchange.Query;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Waiting;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Status;
import io.direktiv.engine.WorkflowError;
import io.direktiv.execution.OverloadException;
import io.direktiv.execution.StartRequest;
import io.direktiv.execution.Started;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.store.InstanceQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/// Instances: starting them, waiting for them, looking at them, cancelling them.
final class InstanceRoutes {
  static final String ALL = NamespaceRoutes.ONE + "/instances";
  static final String ONE = ALL + "/{workflow}/{suffix}";

  private static final String ID_HEADER = "Direktiv-Instance-Id";

  private static final Parameter WORKFLOW =
      new Parameter("workflow", Parameter.Kind.TEXT, "Id of the workflow.");
  private static final Parameter WAIT =
      new Parameter("wait", Parameter.Kind.FLAG, "Answers when the instance has ended.");
  private static final Parameter TIMEOUT =
      new Parameter(
          "timeout",
          Parameter.Kind.NUMBER,
          "How many seconds to wait at most (60 when not given); then the answer is 202.");
  private static final Parameter OUTPUT =
      new Parameter("output", Parameter.Kind.FLAG, "With `wait`, answers with the output alone.");
  private static final Parameter MANUAL =
      new Parameter("manual", Parameter.Kind.FLAG, "Starts scheduled and event workflows as well.");
  private static final Parameter STATUS =
      new Parameter("status", Parameter.Kind.TEXT, "Only these statuses, separated by commas.");
  private static final Parameter CREATED_AFTER =
      new Parameter("createdAfter", Parameter.Kind.TIME, "Only those begun at this time or later.");
  private static final Parameter CREATED_BEFORE =
      new Parameter("createdBefore", Parameter.Kind.TIME, "Only those begun before this time.");

  private final Waiting waiting;
  private final Duration waitMax;

  InstanceRoutes(Waiting waiting, Duration waitMax) {
    this.waiting = waiting;
    this.waitMax = waitMax;
  }

  List<Route> routes() {
    return List.of(
        Route.post(ALL, "startInstance", "Starts an instance; the body is its input.")
            .query(WORKFLOW, WAIT, TIMEOUT, OUTPUT, MANUAL)
            .header("Idempotency-Key", "Makes repeated requests one start.")
            .reads(new Route.Body(List.of("*/*"), "", INPUT_BYTES_MAX, false))
            .answers(201, "InstanceStarted")
            .answers(200, "InstanceEnded")
            .answers(202, "InstanceStarted")
            .refuses(409, "The workflow is inactive, or not started by requests; see `manual`.")
            .refuses(422, "The Idempotency-Key was used with another request.")
            .by(this::start),
        Route.get(ALL, "listInstances", "Lists instances, newest first.")
            .paged()
            .query(WORKFLOW, STATUS, CREATED_AFTER, CREATED_BEFORE)
            .answers(200, "InstanceList")
            .by(this::list),
        Route.get(ONE, "getInstance", "Reads an instance.")
            .answers(200, "InstanceAnswer")
            .by(call -> Answer.ok(Shapes.instance(call.api().instance(call.instance())))),
        Route.patch(ONE, "cancelInstance", "Cancels an instance: `{\"status\": \"cancelled\"}`.")
            .reads(Route.Body.json("Cancellation", Limits.SMALL_BODY_BYTES_MAX))
            .answers(200, "InstanceAnswer")
            .refuses(409, "The instance has ended already.")
            .by(this::cancel));
  }

  private Answer start(Call call) throws IOException, InterruptedException {
    boolean waits = call.flag("wait");
    boolean isRaw = call.flag("output");
    if (isRaw && !waits) {
      throw Refusal.invalid("'output=true' needs 'wait=true': only an ended instance has output");
    }
    Duration atMost = atMost(call);
    String workflow = call.required("workflow");
    byte[] body = call.body();
    Started started =
        call.api()
            .execute(
                new StartRequest(
                    call.namespace(),
                    workflow,
                    input(call, body, waits),
                    call.flag("manual"),
                    call.header("Idempotency-Key")
                        .map(key -> StartRequest.Idempotency.of(key, workflow, body))));
    if (!waits) {
      return started(201, started.id());
    }
    Optional<Optional<Instance>> end = await(started, atMost, call);
    if (end.isEmpty()) {
      return started(202, started.id());
    }
    return ended(end.get().orElseThrow(() -> gone(started.id())), isRaw);
  }

  /// Empty when the instance still runs after `atMost`, or the server stops.
  private Optional<Optional<Instance>> await(Started started, Duration atMost, Call call)
      throws InterruptedException {
    try {
      return waiting.await(started.end(), atMost, call);
    } catch (CompletionException e) {
      if (e.getCause() instanceof OverloadException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Duration atMost(Call call) {
    int max = (int) waitMax.toSeconds();
    return call.number("timeout", 1, max)
        .map(Duration::ofSeconds)
        .orElse(Limits.WAIT_DEFAULT.compareTo(waitMax) < 0 ? Limits.WAIT_DEFAULT : waitMax);
  }

  /// Reference 1.3, "Instance creation", and 2.9: nothing means `{}` where the caller waits. A body
  /// that says that it is JSON must be.
  private static Json input(Call call, byte[] body, boolean waits) {
    if (body.length == 0) {
      return waits ? JsonObject.EMPTY : Inputs.lenient(body);
    }
    return call.mediaType().equals(Answer.JSON) ? Inputs.strict(body) : Inputs.lenient(body);
  }

  private static Answer started(int status, InstanceId id) {
    return Answer.data(status, Shapes.id(id).build())
        .with(ID_HEADER, id.toString())
        .with("Location", location(id));
  }

  private static String location(InstanceId id) {
    return NamespaceRoutes.ALL
        + "/"
        + id.namespace()
        + "/instances/"
        + id.workflow()
        + "/"
        + id.suffix();
  }

  /// The answer of a wait. Where the instance failed it is reference 2.9's: status 500, the error
  /// of the instance in the body and in two headers.
  private static Answer ended(Instance instance, boolean isRaw) {
    Instance.Ending ending = instance.ending().orElseThrow();
    Json output = ending.output().orElse(Json.NULL);
    Answer.Content answer;
    if (ending.status() != Status.COMPLETE) {
      WorkflowError error =
          ending.error().orElse(new WorkflowError("direktiv.internal.error", "no reason was kept"));
      answer =
          Failures.answer(500, error.code(), error.message())
              .with("Direktiv-Instance-Error-Code", Answer.headerText(error.code()))
              .with("Direktiv-Instance-Error-Message", Answer.headerText(error.message()));
    } else if (isRaw) {
      answer = Answer.json(200, output);
    } else {
      answer = Answer.ok(Shapes.instance(instance).with("output", output));
    }
    return answer.with(ID_HEADER, instance.id().toString());
  }

  private static Refusal gone(InstanceId id) {
    return new Refusal(
        404,
        "resource_not_found",
        "instance '" + id + "' was deleted with its workflow or namespace");
  }

  private Answer list(Call call) {
    call.api().namespace(call.namespace());
    InstanceQuery query =
        new InstanceQuery(
            call.namespace(),
            call.query("workflow"),
            statuses(call),
            call.time("createdAfter"),
            call.time("createdBefore"));
    return Answer.list(
        call.api().instances(query, call.page()), call.page(), Shapes::instanceSummary);
  }

  private static Set<Status> statuses(Call call) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    for (String word : call.query("status").map(text -> text.split(",")).orElse(new String[0])) {
      statuses.add(
          Status.parse(word)
              .orElseThrow(() ->
                  Refusal.invalid(
                      "the query parameter 'status' names '"
                          + Query.shortened(word)
                          + "', but a status is pending, complete, failed, cancelled or crashed")));
    }
    return statuses;
  }

  private Answer cancel(Call call) throws IOException {
    Document document = call.document("status", "reason");
    if (!document.text("status").equals("cancelled")) {
      throw Refusal.invalid("the field 'status' can only be set to 'cancelled'");
    }
    InstanceId id = call.instance();
    if (!call.api().cancel(id, document.maybeText("reason").orElse(""))) {
      throw new Refusal(
          409,
          "resource_state",
          "instance '"
              + id
              + "' has ended already: it is "
              + call.api().instance(id).status().word());
    }
    return Answer.ok(Shapes.instance(call.api().instance(id)));
  }
}
