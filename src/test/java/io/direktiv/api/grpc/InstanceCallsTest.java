package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.direktiv.protocol.ingress.CancelWorkflowInstanceRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsResponse.WorkflowInstanceLog;
import io.direktiv.protocol.ingress.GetWorkflowInstanceResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstancesRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstancesResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstancesResponse.WorkflowInstance;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import io.direktiv.protocol.ingress.InvokeWorkflowResponse;
import io.direktiv.protocol.ingress.UpdateWorkflowRequest;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instances at the gRPC door (reference 1.3 and 1.5, column "ours" where the original did badly).
class InstanceCallsTest {
  private static final String ECHO = "id: echo\nstates:\n- id: a\n  type: noop\n";
  private static final String SLEEP =
      "id: sleep\nstates:\n- id: wait\n  type: delay\n  duration: PT1H\n";
  private static final String FAIL =
      """
      id: fail
      states:
      - id: raise
        type: error
        error: demo.broken
        message: 'it broke'
      """;

  @TempDir Path data;
  private GrpcFixture server;

  @BeforeEach
  void open() {
    server = new GrpcFixture(data);
    server.namespace("demo");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void storesTheInputPrettyAndTheOutputCompactInTheAuthorsOrder() {
    // given
    server.workflow("demo", ECHO);

    // when
    GetWorkflowInstanceResponse ended =
        server.ended(server.invoke("demo", "echo", "{\"z\":1.50,\"a\":[\"<&>\"]}"));

    // then
    assertThat(ended.getInput().toStringUtf8())
        .isEqualTo("{\n  \"z\": 1.50,\n  \"a\": [\n    \"<&>\"\n  ]\n}");
    assertThat(ended.getOutput().toStringUtf8()).isEqualTo("{\"z\":1.50,\"a\":[\"<&>\"]}");
  }

  @Test
  void wrapsAnInputThatIsNoObject() {
    server.workflow("demo", ECHO);

    assertThat(outputOf("")).isEqualTo("{\"input\":\"\"}");
    assertThat(outputOf("[1,2]")).isEqualTo("{\"input\":[1,2]}");
    assertThat(outputOf("hello")).isEqualTo("{\"input\":\"aGVsbG8=\"}");
  }

  private String outputOf(String input) {
    return server.ended(server.invoke("demo", "echo", input)).getOutput().toStringUtf8();
  }

  @Test
  void tellsEverythingOfACompletedInstance() {
    // given
    String uid =
        server.workflow(
            "demo",
            "id: two\nstates:\n- id: a\n  type: noop\n  transition: b\n- id: b\n  type: noop\n");
    server
        .ingress()
        .updateWorkflow(UpdateWorkflowRequest.newBuilder().setUid(uid).setActive(true).build());

    // when
    GetWorkflowInstanceResponse ended = server.ended(server.invoke("demo", "two", "{}"));

    // then
    assertThat(ended.getStatus()).isEqualTo("complete");
    assertThat(ended.getInvokedBy()).isEqualTo(uid);
    assertThat(ended.getRevision()).isEqualTo(1);
    assertThat(ended.getFlowList()).containsExactly("a", "b");
    assertThat(ended.hasBeginTime() && ended.hasEndTime()).isTrue();
    assertThat(ended.hasErrorCode() && ended.hasErrorMessage()).isTrue();
    assertThat(ended.getErrorCode()).isEmpty();
  }

  @Test
  void readsPendingWithoutAnEndWhileItRuns() {
    // given
    server.workflow("demo", SLEEP);

    // when
    GetWorkflowInstanceResponse running = server.instance(server.invoke("demo", "sleep", "{}"));

    // then
    assertThat(running.getStatus()).isEqualTo("pending");
    assertThat(running.hasEndTime()).isFalse();
    assertThat(running.hasOutput()).isTrue();
    assertThat(running.getOutput()).isEqualTo(ByteString.EMPTY);
    assertThat(running.hasRevision()).isTrue();
    assertThat(running.getFlowList()).containsExactly("wait");
  }

  @Test
  void tellsTheErrorOfAFailedInstance() {
    // given
    server.workflow("demo", FAIL);

    // when
    GetWorkflowInstanceResponse failed = server.ended(server.invoke("demo", "fail", "{}"));

    // then
    assertThat(failed.getStatus()).isEqualTo("failed");
    assertThat(failed.getErrorCode()).isEqualTo("demo.broken");
    assertThat(failed.getErrorMessage()).isEqualTo("it broke");
  }

  @Test
  void refusesInstancesThatDoNotExist() {
    for (String id : new String[] {"demo/echo/AAAAAA", "nonsense", "", "a/b/c/d"}) {
      assertRefused(
          Code.NOT_FOUND, "instance '" + id + "' does not exist", () -> server.instance(id));
    }
  }

  @Test
  void refusesToInvokeWhatDoesNotExist() {
    assertRefused(
        Code.NOT_FOUND,
        "workflow 'nope' does not exist",
        () -> server.invoke("demo", "nope", "{}"));
    assertRefused(
        Code.NOT_FOUND,
        "workflow 'echo' does not exist",
        () -> server.invoke("elsewhere", "echo", "{}"));
  }

  @Test
  void refusesToInvokeAnInactiveWorkflow() {
    // given
    String uid = server.workflow("demo", ECHO);
    server
        .ingress()
        .updateWorkflow(UpdateWorkflowRequest.newBuilder().setUid(uid).setActive(false).build());

    // when, then
    assertRefused(
        Code.INVALID_ARGUMENT, "workflow is inactive", () -> server.invoke("demo", "echo", "{}"));
  }

  @Test
  void refusesToInvokeWorkflowsThatStartByTheClockOrByEvents() {
    // given
    String rest = "states:\n- id: a\n  type: noop\n";
    server.workflow("demo", "id: clock\nstart:\n  type: scheduled\n  cron: '0 0 1 1 *'\n" + rest);
    server.workflow("demo", "id: event\nstart:\n  type: event\n  event:\n    type: t\n" + rest);

    // when, then
    assertRefused(
        Code.FAILED_PRECONDITION,
        "cannot directly invoke workflows with 'scheduled' starts",
        () -> server.invoke("demo", "clock", "{}"));
    assertRefused(
        Code.FAILED_PRECONDITION,
        "cannot directly invoke workflows with 'event' starts",
        () -> server.invoke("demo", "event", "{}"));
  }

  @Test
  void answersWithTheOutputWhenAskedToWait() {
    // given
    server.workflow(
        "demo",
        "id: nap\nstates:\n- id: a\n  type: delay\n  duration: PT1S\n  transform: '{ok: true}'\n");

    // when
    InvokeWorkflowResponse answer = invokeAndWait("nap");

    // then
    assertThat(answer.getInstanceId()).startsWith("demo/nap/");
    assertThat(answer.getOutput().toStringUtf8()).isEqualTo("{\"ok\":true}");
  }

  @Test
  void answersWithAnEmptyOutputWhenWhatItWaitedForFailed() {
    // given
    server.workflow(
        "demo", "id: bad\nstates:\n- id: a\n  type: noop\n  transform: '.a.b.c | keys'\n");

    // when
    InvokeWorkflowResponse answer = invokeAndWait("bad");

    // then
    assertThat(answer.hasOutput()).isTrue();
    assertThat(answer.getOutput()).isEqualTo(ByteString.EMPTY);
    assertThat(server.instance(answer.getInstanceId()).getErrorCode())
        .isEqualTo("direktiv.jq.badCommand");
  }

  private InvokeWorkflowResponse invokeAndWait(String workflow) {
    return server
        .ingress()
        .invokeWorkflow(
            InvokeWorkflowRequest.newBuilder()
                .setNamespace("demo")
                .setWorkflowId(workflow)
                .setWait(true)
                .build());
  }

  @Test
  void listsInstancesNewestFirst() {
    // given
    server.workflow("demo", ECHO);
    String first = server.invoke("demo", "echo", "{}");
    String second = server.invoke("demo", "echo", "{}");
    String third = server.invoke("demo", "echo", "{}");

    // when
    GetWorkflowInstancesResponse all = list(0, 0);
    GetWorkflowInstancesResponse part = list(1, 1);

    // then
    assertThat(all.getWorkflowInstancesList())
        .extracting(WorkflowInstance::getId)
        .containsExactly(third, second, first);
    assertThat(all.getWorkflowInstancesList()).allMatch(WorkflowInstance::hasBeginTime);
    assertThat(all.getWorkflowInstancesList())
        .extracting(WorkflowInstance::getStatus)
        .containsOnly("complete");
    assertThat(part.getWorkflowInstancesList())
        .extracting(WorkflowInstance::getId)
        .containsExactly(second);
    assertThat(part.getOffset()).isEqualTo(1);
    assertThat(part.getLimit()).isEqualTo(1);
  }

  @Test
  void listsNothingOfAnAbsentNamespace() {
    var request = GetWorkflowInstancesRequest.newBuilder().setNamespace("nope").build();

    assertThat(server.ingress().getWorkflowInstances(request).getWorkflowInstancesList()).isEmpty();
  }

  @Test
  void refusesNegativePaging() {
    assertRefused(
        Code.INVALID_ARGUMENT, "offset must be 0 or more, but it is -1", () -> list(-1, 0));
    assertRefused(
        Code.INVALID_ARGUMENT, "limit must be 0 or more, but it is -1", () -> logs("a/b/c", 0, -1));
  }

  private GetWorkflowInstancesResponse list(int offset, int limit) {
    return server
        .ingress()
        .getWorkflowInstances(
            GetWorkflowInstancesRequest.newBuilder()
                .setNamespace("demo")
                .setOffset(offset)
                .setLimit(limit)
                .build());
  }

  @Test
  void tellsTheLogOldestFirstWithEveryFieldSet() {
    // given
    server.workflow("demo", ECHO);
    String id = server.invoke("demo", "echo", "{}");

    // when
    List<WorkflowInstanceLog> lines = logs(id, 0, 10_000).getWorkflowInstanceLogsList();

    // then
    assertThat(lines)
        .extracting(WorkflowInstanceLog::getMessage)
        .containsExactly(
            "Beginning workflow triggered by API.",
            "Running state logic -- a:1 (noop)",
            "Workflow completed.");
    assertThat(lines).extracting(WorkflowInstanceLog::getId).containsExactly("0", "1", "2");
    assertThat(lines).extracting(WorkflowInstanceLog::getLevel).containsOnly("info");
    assertThat(lines).allMatch(WorkflowInstanceLog::hasTimestamp);
  }

  @Test
  void readsALimitOfZeroAsTheDefaultPageOfTheLog() {
    // given
    server.workflow("demo", ECHO);
    String id = server.invoke("demo", "echo", "{}");

    // when
    GetWorkflowInstanceLogsResponse page = logs(id, 1, 0);

    // then
    assertThat(page.getWorkflowInstanceLogsList())
        .extracting(WorkflowInstanceLog::getId)
        .containsExactly("1", "2");
    assertThat(page.getOffset()).isEqualTo(1);
    assertThat(page.getLimit()).isZero();
    assertThat(page.hasLimit()).isTrue();
  }

  @Test
  void tellsAnEmptyLogOfAnAbsentInstance() {
    assertThat(logs("demo/echo/AAAAAA", 0, 0).getWorkflowInstanceLogsList()).isEmpty();
    assertThat(logs("nonsense", 0, 0).getWorkflowInstanceLogsList()).isEmpty();
  }

  private GetWorkflowInstanceLogsResponse logs(String id, int offset, int limit) {
    return server
        .ingress()
        .getWorkflowInstanceLogs(
            GetWorkflowInstanceLogsRequest.newBuilder()
                .setInstanceId(id)
                .setOffset(offset)
                .setLimit(limit)
                .build());
  }

  @Test
  void cancelsARunningInstance() {
    // given
    server.workflow("demo", SLEEP);
    String id = server.invoke("demo", "sleep", "{}");

    // when
    Empty answer = cancel(id);

    // then
    assertThat(answer).isEqualTo(Empty.getDefaultInstance());
    GetWorkflowInstanceResponse cancelled = server.instance(id);
    assertThat(cancelled.getStatus()).isEqualTo("cancelled");
    assertThat(cancelled.getErrorCode()).isEqualTo("direktiv.cancels.api");
    assertThat(cancelled.getErrorMessage()).isEqualTo("cancelled by api request");
  }

  @Test
  void findsNothingWrongWithCancellingWhatHasEndedOrDoesNotExist() {
    // given
    server.workflow("demo", ECHO);
    String ended = server.invoke("demo", "echo", "{}");

    // when, then
    for (String id : new String[] {ended, "demo/echo/AAAAAA", "nonsense", ""}) {
      assertThat(cancel(id)).isEqualTo(Empty.getDefaultInstance());
    }
    assertThat(server.instance(ended).getStatus()).isEqualTo("complete");
  }

  private Empty cancel(String id) {
    return server
        .ingress()
        .cancelWorkflowInstance(CancelWorkflowInstanceRequest.newBuilder().setId(id).build());
  }
}
