package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.direktiv.execution.Execution;
import io.direktiv.protocol.ingress.DeleteWorkflowRequest;
import io.direktiv.protocol.v1.CancelInstanceRequest;
import io.direktiv.protocol.v1.CancelInstanceResponse;
import io.direktiv.protocol.v1.Diagnostic;
import io.direktiv.protocol.v1.ExecuteWorkflowRequest;
import io.direktiv.protocol.v1.ExecuteWorkflowResponse;
import io.direktiv.protocol.v1.FollowLogsRequest;
import io.direktiv.protocol.v1.FollowLogsResponse;
import io.direktiv.protocol.v1.LogLine;
import io.direktiv.protocol.v1.ValidateWorkflowRequest;
import io.direktiv.protocol.v1.ValidateWorkflowResponse;
import io.direktiv.store.Page;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our own service: waiting, following logs, cancelling with a reason, validating.
class DirektivServiceTest {
  private static final String ECHO = "id: echo\nstates:\n- id: a\n  type: noop\n";
  private static final String SLEEP =
      "id: sleep\nstates:\n- id: wait\n  type: delay\n  duration: PT1H\n";
  private static final String NAP =
      "id: nap\nstates:\n- id: wait\n  type: delay\n  duration: PT1S\n  transform: '{ok: true}'\n";

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
  void answersAtOnceWhenNotAskedToWait() {
    // given
    server.workflow("demo", SLEEP);

    // when
    ExecuteWorkflowResponse started = execute(request("sleep"));

    // then
    assertThat(started.getInstanceId()).matches("demo/sleep/[a-zA-Z]{6}");
    assertThat(started.hasEnding()).isFalse();
    assertThat(started.getRepeatedStart()).isFalse();
  }

  @Test
  void answersWithTheOutputWhenTheInstanceHasEnded() {
    // given
    server.workflow("demo", NAP);

    // when
    ExecuteWorkflowResponse ended = execute(request("nap").setWait(true));

    // then
    assertThat(ended.getEnding().getStatus()).isEqualTo("complete");
    assertThat(ended.getEnding().getOutput().toStringUtf8()).isEqualTo("{\"ok\":true}");
    assertThat(ended.getEnding().getErrorCode()).isEmpty();
    assertThat(ended.getEnding().hasTime()).isTrue();
  }

  @Test
  void answersWithTheErrorWhenTheInstanceFailed() {
    // given
    server.workflow(
        "demo", "id: bad\nstates:\n- id: a\n  type: error\n  error: demo.x\n  message: broken\n");

    // when
    ExecuteWorkflowResponse failed = execute(request("bad").setWait(true));

    // then
    assertThat(failed.getEnding().getStatus()).isEqualTo("failed");
    assertThat(failed.getEnding().getErrorCode()).isEqualTo("demo.x");
    assertThat(failed.getEnding().getErrorMessage()).isEqualTo("broken");
  }

  @Test
  void answersWithoutAnEndingWhenTheTimeIsOver() {
    // given
    server.workflow("demo", SLEEP);

    // when
    ExecuteWorkflowResponse running =
        execute(
            request("sleep")
                .setWait(true)
                .setWaitAtMost(Duration.newBuilder().setNanos(50_000_000)));

    // then
    assertThat(running.getInstanceId()).startsWith("demo/sleep/");
    assertThat(running.hasEnding()).isFalse();
  }

  @Test
  void goesOnWithAnInstanceWhoseCallerHasLeft() {
    // given
    server.workflow("demo", NAP);

    // when
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() ->
            server
                .direktiv()
                .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                .executeWorkflow(request("nap").setWait(true).build()))
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED));

    // then
    String id = server.newestInstance("demo");
    assertThat(server.ended(id).getStatus()).isEqualTo("complete");
  }

  @Test
  void saysThatWhatWasWaitedForIsDeleted() throws Exception {
    // given
    String uid = server.workflow("demo", SLEEP);
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<StatusRuntimeException> refusal = new CompletableFuture<>();
    try (Execution.Watch _ = server.parts().api().watch("demo", _ -> started.countDown())) {
      Thread.startVirtualThread(() -> refusal.complete(refusalOfWaiting("sleep")));
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    }

    // when
    server.ingress().deleteWorkflow(DeleteWorkflowRequest.newBuilder().setUid(uid).build());

    // then
    Status status = refusal.get(20, TimeUnit.SECONDS).getStatus();
    assertThat(status.getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(status.getDescription()).endsWith("' was deleted while it ran");
  }

  @Test
  void endsAFollowedLogAtOnceWhenItsInstanceIsDeleted() {
    // given
    String uid = server.workflow("demo", SLEEP);
    Iterator<FollowLogsResponse> log = follow(execute(request("sleep")).getInstanceId(), 0, true);
    log.next();
    long began = System.nanoTime();

    // when
    server.ingress().deleteWorkflow(DeleteWorkflowRequest.newBuilder().setUid(uid).build());

    // then
    StatusRuntimeException end = catchThrowableOfType(StatusRuntimeException.class, () -> all(log));
    assertThat(end.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(8);
  }

  private StatusRuntimeException refusalOfWaiting(String workflow) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> execute(request(workflow).setWait(true)));
  }

  @Test
  void startsOnceForOneIdempotencyKey() {
    // given
    server.workflow("demo", ECHO);
    var request = request("echo").setInput(ByteString.copyFromUtf8("1")).setIdempotencyKey("k1");

    // when
    ExecuteWorkflowResponse first = execute(request);
    ExecuteWorkflowResponse second = execute(request.setWait(true));

    // then
    assertThat(second.getInstanceId()).isEqualTo(first.getInstanceId());
    assertThat(first.getRepeatedStart()).isFalse();
    assertThat(second.getRepeatedStart()).isTrue();
    assertThat(second.getEnding().getOutput().toStringUtf8()).isEqualTo("{\"input\":1}");
  }

  @Test
  void refusesAnIdempotencyKeyWithAnotherInput() {
    // given
    server.workflow("demo", ECHO);
    var request = request("echo").setInput(ByteString.copyFromUtf8("1")).setIdempotencyKey("k1");
    execute(request);

    // when, then
    assertRefused(
        Code.FAILED_PRECONDITION,
        "the Idempotency-Key 'k1' was used with another request; choose a new one",
        () -> execute(request.setInput(ByteString.copyFromUtf8("2"))));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "Idempotency-Key must have 1 to 256 characters, but has 257",
        () -> execute(request("echo").setIdempotencyKey("k".repeat(257))));
  }

  @Test
  void startsByHandWhatTheClockStartsOtherwise() {
    // given
    server.workflow(
        "demo",
        "id: clock\nstart:\n  type: scheduled\n  cron: '0 0 1 1 *'\nstates:\n- id: a\n  type: noop\n");

    // when, then
    assertRefused(
        Code.FAILED_PRECONDITION,
        "cannot directly invoke workflows with 'scheduled' starts",
        () -> execute(request("clock")));
    assertThat(execute(request("clock").setManual(true)).getInstanceId()).startsWith("demo/clock/");
  }

  @Test
  void sendsTheWholeLogWithTheEnding() {
    // given
    server.workflow("demo", ECHO);
    String id = server.invoke("demo", "echo", "{}");

    // when
    List<FollowLogsResponse> parts = all(follow(id, 0, false));

    // then
    assertThat(lines(parts))
        .extracting(LogLine::getMessage)
        .containsExactly(
            "Beginning workflow triggered by API.",
            "Running state logic -- a:1 (noop)",
            "Workflow completed.");
    assertThat(lines(parts)).extracting(LogLine::getNumber).containsExactly(0L, 1L, 2L);
    assertThat(lines(parts)).extracting(LogLine::getLevel).containsOnly("info");
    assertThat(lines(parts)).allMatch(LogLine::hasTime);
    assertThat(parts.getLast().getEnding().getStatus()).isEqualTo("complete");
  }

  @Test
  void leavesOutTheLinesThatTheCallerHas() {
    // given
    server.workflow("demo", ECHO);
    String id = server.invoke("demo", "echo", "{}");

    // when, then
    assertThat(lines(all(follow(id, 2, false)))).extracting(LogLine::getNumber).containsExactly(2L);
    assertThat(lines(all(follow(id, 7, true)))).isEmpty();
  }

  @Test
  void endsWithoutAnEndingWhenNotFollowingARunningInstance() {
    // given
    server.workflow("demo", SLEEP);
    String id = server.invoke("demo", "sleep", "{}");

    // when
    List<FollowLogsResponse> parts = all(follow(id, 0, false));

    // then
    assertThat(lines(parts)).isNotEmpty();
    assertThat(parts).noneMatch(FollowLogsResponse::hasEnding);
  }

  @Test
  void followsARunningInstanceUntilItEnds() {
    // given
    server.workflow("demo", SLEEP);
    String id = server.invoke("demo", "sleep", "{}");
    Iterator<FollowLogsResponse> stream = follow(id, 0, true);
    assertThat(stream.next().getLinesList()).isNotEmpty();

    // when
    cancel(id, "enough");

    // then
    List<FollowLogsResponse> rest = all(stream);
    assertThat(rest.getLast().getEnding().getStatus()).isEqualTo("cancelled");
    assertThat(rest.getLast().getEnding().getErrorMessage()).isEqualTo("enough");
  }

  @Test
  void sendsALongLogInParts() {
    // given
    server.workflow(
        "demo",
        """
        id: loop
        states:
        - id: count
          type: switch
          conditions:
          - condition: .n < 1000
            transition: count
            transform: '.n += 1'
        """);
    String id = server.invoke("demo", "loop", "{\"n\":0}");
    server.ended(id);

    // when
    List<LogLine> lines = lines(all(follow(id, 0, true)));

    // then
    int expected = (int) server.parts().api().logs(GrpcFixture.id(id), Page.ALL).total();
    assertThat(lines).hasSize(expected).hasSizeGreaterThan(2_000);
    assertThat(lines.getLast().getNumber()).isEqualTo(expected - 1);
  }

  @Test
  void refusesToFollowWhatDoesNotExist() {
    assertRefused(
        Code.NOT_FOUND,
        "instance 'demo/echo/AAAAAA' does not exist",
        () -> all(follow("demo/echo/AAAAAA", 0, true)));
    assertRefused(
        Code.NOT_FOUND,
        "instance 'nonsense' does not exist",
        () -> all(follow("nonsense", 0, true)));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "offset must be 0 or more, but it is -1",
        () -> all(follow("demo/echo/AAAAAA", -1, true)));
  }

  @Test
  void cancelsWithAReason() {
    // given
    server.workflow("demo", SLEEP);
    String id = server.invoke("demo", "sleep", "{}");

    // when
    CancelInstanceResponse first = cancel(id, "no longer needed");
    CancelInstanceResponse second = cancel(id, "again");

    // then
    assertThat(first.getCancelled()).isTrue();
    assertThat(second.getCancelled()).isFalse();
    assertThat(server.instance(id).getErrorCode()).isEqualTo("direktiv.cancels.api");
    assertThat(server.instance(id).getErrorMessage()).isEqualTo("no longer needed");
  }

  @Test
  void refusesToCancelWhatDoesNotExist() {
    assertRefused(
        Code.NOT_FOUND,
        "instance 'demo/echo/AAAAAA' does not exist",
        () -> cancel("demo/echo/AAAAAA", ""));
  }

  @Test
  void reportsEveryProblemWithItsPlace() {
    // given
    String bad =
        """
        id: first
        states:
        - id: a
          type: noop
          transition: nowhere
        - id: b
          type: nop
        """;

    // when
    ValidateWorkflowResponse report = validate(bad);

    // then
    assertThat(report.getValid()).isFalse();
    assertThat(report.getDiagnosticsList())
        .extracting(d -> d.getFile() + ":" + d.getLine() + ":" + d.getColumn())
        .containsExactly("greet.yml:5:15", "greet.yml:7:9");
    assertThat(report.getDiagnosticsList())
        .extracting(Diagnostic::getSeverity)
        .containsOnly(Diagnostic.Severity.SEVERITY_ERROR);
    assertThat(report.getDiagnostics(1).getMessage()).contains("nop").contains("noop");
  }

  @Test
  void callsADefinitionWithWarningsValid() {
    // given
    String doubtful =
        """
        id: first
        states:
        - id: a
          type: switch
          conditions:
          - condition: '.a ='
            transition: a
        """;

    // when
    ValidateWorkflowResponse report = validate(doubtful);

    // then
    assertThat(report.getValid()).isTrue();
    assertThat(report.getDiagnosticsList())
        .singleElement()
        .returns(Diagnostic.Severity.SEVERITY_WARNING, Diagnostic::getSeverity);
  }

  private static ExecuteWorkflowRequest.Builder request(String workflow) {
    return ExecuteWorkflowRequest.newBuilder().setNamespace("demo").setWorkflow(workflow);
  }

  private ExecuteWorkflowResponse execute(ExecuteWorkflowRequest.Builder request) {
    return server.direktiv().executeWorkflow(request.build());
  }

  private CancelInstanceResponse cancel(String id, String reason) {
    return server
        .direktiv()
        .cancelInstance(
            CancelInstanceRequest.newBuilder().setInstanceId(id).setReason(reason).build());
  }

  private Iterator<FollowLogsResponse> follow(String id, int offset, boolean follow) {
    return server
        .direktiv()
        .followLogs(
            FollowLogsRequest.newBuilder()
                .setInstanceId(id)
                .setOffset(offset)
                .setFollow(follow)
                .build());
  }

  private static List<FollowLogsResponse> all(Iterator<FollowLogsResponse> stream) {
    List<FollowLogsResponse> parts = new ArrayList<>();
    stream.forEachRemaining(parts::add);
    return parts;
  }

  private static List<LogLine> lines(List<FollowLogsResponse> parts) {
    return parts.stream().flatMap(part -> part.getLinesList().stream()).toList();
  }

  private ValidateWorkflowResponse validate(String yaml) {
    return server
        .direktiv()
        .validateWorkflow(
            ValidateWorkflowRequest.newBuilder()
                .setFile("greet.yml")
                .setWorkflow(ByteString.copyFromUtf8(yaml))
                .build());
  }
}
