package io.direktiv.api.http.resource;

import static io.direktiv.model.Limits.WORKFLOW_BYTES_MAX;

import io.direktiv.api.Api;
import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Document;
import io.direktiv.api.http.exchange.Failures;
import io.direktiv.api.http.exchange.Parameter;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.json.JsonObject;
import io.direktiv.model.Diagnostic;
import io.direktiv.store.WorkflowRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Workflows: their text, their revision, whether they are active.
final class WorkflowRoutes {
  static final String ALL = NamespaceRoutes.ONE + "/workflows";
  static final String ONE = ALL + "/{workflow}";

  private static final String YAML = "application/yaml";

  /// A definition within JSON may need six bytes for one of its own.
  private static final Route.Body DEFINITION =
      new Route.Body(
          List.of(YAML, "text/yaml", "application/x-yaml", "text/x-yaml", Answer.JSON),
          "NewWorkflow",
          6 * WORKFLOW_BYTES_MAX,
          true);

  private static final Parameter ACTIVE =
      new Parameter(
          "active", Parameter.Kind.FLAG, "Whether it may start instances; for YAML bodies.");
  private static final Parameter LOG_TO_EVENTS =
      new Parameter(
          "logToEvents",
          Parameter.Kind.TEXT,
          "When not empty, log values are published as events; for YAML bodies.");
  private static final Parameter REVISION =
      new Parameter(
          "revision",
          Parameter.Kind.NUMBER,
          "Refuses unless this is the current revision; for YAML bodies.");
  private static final Parameter RAW =
      new Parameter("raw", Parameter.Kind.FLAG, "Answers with the YAML text alone.");

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "listWorkflows", "Lists workflows by id, without their text.")
            .paged()
            .answers(200, "WorkflowList")
            .by(this::list),
        Route.post(ALL, "createWorkflow", "Creates a workflow from YAML, or from JSON around it.")
            .query(ACTIVE, LOG_TO_EVENTS)
            .reads(DEFINITION)
            .answers(201, "WorkflowAnswer")
            .refuses(409, "There is a workflow of this id.")
            .by(this::create),
        Route.get(ONE, "getWorkflow", "Reads a workflow.")
            .query(RAW)
            .answers(200, "WorkflowAnswer")
            .answers(200, YAML, "", "The author's text, with `raw=true`.")
            .by(this::get),
        Route.put(
                ONE,
                "replaceWorkflow",
                "Replaces a workflow's text; running instances keep theirs.")
            .query(ACTIVE, LOG_TO_EVENTS, REVISION)
            .reads(DEFINITION)
            .answers(200, "WorkflowAnswer")
            .refuses(409, "The revision is another one, or the new id is taken.")
            .by(this::update),
        Route.patch(ONE, "updateWorkflow", "Changes parts of a workflow, such as `active`.")
            .reads(Route.Body.json("WorkflowChange", 6 * WORKFLOW_BYTES_MAX))
            .answers(200, "WorkflowAnswer")
            .refuses(409, "The revision is another one, or the new id is taken.")
            .by(this::patch),
        Route.delete(ONE, "deleteWorkflow", "Deletes a workflow with its instances.")
            .answersNothing()
            .by(this::delete),
        Route.post("/api/v2/validate", "validateWorkflow", "Reports all problems of a definition.")
            .guarded(Route.Guard.CALLER)
            .reads(DEFINITION)
            .answers(200, "ValidationAnswer")
            .by(this::validate));
  }

  private Answer list(Call call) {
    call.api().namespace(call.namespace());
    return Answer.list(
        call.api().workflows(call.namespace(), call.page()), call.page(), Shapes::workflowSummary);
  }

  /// A definition as it was sent, in either form.
  private record Sent(
      Optional<String> source,
      Optional<Boolean> isActive,
      Optional<String> logToEvents,
      Optional<Integer> revision) {}

  private Answer create(Call call) throws IOException {
    Sent sent = sent(call);
    WorkflowRecord created =
        call.api()
            .createWorkflow(
                call.namespace(),
                source(sent),
                sent.isActive().orElse(true),
                sent.logToEvents().orElse(""));
    return Answer.data(201, withWarnings(call, created))
        .with(
            "Location",
            NamespaceRoutes.ALL + "/" + created.namespace() + "/workflows/" + created.id());
  }

  private Answer get(Call call) {
    WorkflowRecord workflow = call.api().workflow(call.namespace(), call.path("workflow"));
    if (call.flag("raw")) {
      return Answer.bytes(YAML, workflow.source().getBytes(StandardCharsets.UTF_8));
    }
    return Answer.ok(Shapes.workflow(workflow));
  }

  private Answer update(Call call) throws IOException {
    Sent sent = sent(call);
    source(sent);
    return save(call, sent);
  }

  private Answer patch(Call call) throws IOException {
    Sent sent = sent(call);
    if (sent.source().isEmpty() && sent.isActive().isEmpty() && sent.logToEvents().isEmpty()) {
      throw new Refusal(
          400,
          "request_body_bad_json_schema",
          "there is nothing to change; give 'source', 'active' or 'logToEvents'");
    }
    return save(call, sent);
  }

  private Answer save(Call call, Sent sent) {
    WorkflowRecord current = call.api().workflow(call.namespace(), call.path("workflow"));
    WorkflowRecord saved =
        call.api()
            .updateWorkflow(
                current.uid(),
                new Api.WorkflowUpdate(
                    sent.revision(), sent.isActive(), sent.source(), sent.logToEvents()));
    return Answer.ok(withWarnings(call, saved));
  }

  private Answer delete(Call call) {
    call.api().deleteWorkflow(call.api().workflow(call.namespace(), call.path("workflow")).uid());
    return Answer.nothing();
  }

  private Answer validate(Call call) throws IOException {
    List<Diagnostic> found = call.api().validate(source(sent(call)));
    return Answer.ok(
        JsonObject.builder()
            .put("valid", found.stream().noneMatch(Diagnostic::isError))
            .put("diagnostics", Failures.diagnostics(found))
            .build());
  }

  private JsonObject withWarnings(Call call, WorkflowRecord workflow) {
    return Shapes.workflow(workflow)
        .with("warnings", Failures.diagnostics(call.api().validate(workflow.source())));
  }

  private static Sent sent(Call call) throws IOException {
    if (call.mediaType().equals(Answer.JSON)) {
      Document document = call.document("source", "active", "logToEvents", "revision");
      return new Sent(
          document.maybeText("source"),
          document.maybeFlag("active"),
          document.maybeText("logToEvents"),
          document.maybeNumber("revision"));
    }
    return new Sent(
        Optional.of(text(call.body())),
        call.query("active").map(text -> Call.flag("active", text)),
        call.query("logToEvents"),
        call.number("revision", 0, Integer.MAX_VALUE));
  }

  private static String source(Sent sent) {
    return sent.source()
        .orElseThrow(() ->
            new Refusal(
                400,
                "request_body_bad_json_schema",
                "the field 'source' is missing; it must be the YAML text of a workflow"));
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw Refusal.invalid("the workflow definition is not UTF-8; save the file in UTF-8");
    }
  }
}
