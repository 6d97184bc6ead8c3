package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.Replies.answer;
import static io.direktiv.api.grpc.Replies.time;

import io.direktiv.api.Api;
import io.direktiv.api.Inputs;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.execution.StartRequest;
import io.direktiv.execution.Started;
import io.direktiv.protocol.v1.CancelInstanceRequest;
import io.direktiv.protocol.v1.CancelInstanceResponse;
import io.direktiv.protocol.v1.Diagnostic;
import io.direktiv.protocol.v1.DirektivGrpc.DirektivImplBase;
import io.direktiv.protocol.v1.ExecuteWorkflowRequest;
import io.direktiv.protocol.v1.ExecuteWorkflowResponse;
import io.direktiv.protocol.v1.FollowLogsRequest;
import io.direktiv.protocol.v1.FollowLogsResponse;
import io.direktiv.protocol.v1.InstanceEnding;
import io.direktiv.protocol.v1.ValidateWorkflowRequest;
import io.direktiv.protocol.v1.ValidateWorkflowResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Our own service beside the compatible one: waiting, following logs, cancelling with a reason,
/// validating.
final class DirektivService extends DirektivImplBase {
  private final Endings endings;
  private final Waiting waiting;

  DirektivService(Endings endings, Waiting waiting) {
    this.endings = endings;
    this.waiting = waiting;
  }

  @Override
  public void executeWorkflow(
      ExecuteWorkflowRequest request, StreamObserver<ExecuteWorkflowResponse> caller) {
    Api api = Callers.api();
    if (!request.getWait()) {
      answer(caller, () -> executed(start(api, request), Optional.empty()));
      return;
    }
    endings.answer(caller, () -> start(api, request), atMost(request), DirektivService::executed);
  }

  private static Duration atMost(ExecuteWorkflowRequest request) {
    if (!request.hasWaitAtMost()) {
      return Endings.AS_LONG_AS_ALLOWED;
    }
    var asked = request.getWaitAtMost();
    long nanos = Math.clamp(asked.getNanos(), 0, 999_999_999);
    return Duration.ofSeconds(Math.max(0, asked.getSeconds()), nanos);
  }

  private static Started start(Api api, ExecuteWorkflowRequest request) {
    byte[] input = request.getInput().toByteArray();
    return api.execute(
        new StartRequest(
            request.getNamespace(),
            request.getWorkflow(),
            Inputs.lenient(input),
            request.getManual(),
            Optional.of(request.getIdempotencyKey())
                .filter(key -> !key.isEmpty())
                .map(key -> StartRequest.Idempotency.of(key, request.getWorkflow(), input))));
  }

  private static ExecuteWorkflowResponse executed(
      Started started, Optional<Instance.Ending> ending) {
    ExecuteWorkflowResponse.Builder answer =
        ExecuteWorkflowResponse.newBuilder()
            .setInstanceId(started.id().toString())
            .setRepeatedStart(started.isRepeated());
    ending.ifPresent(end -> answer.setEnding(ending(end)));
    return answer.build();
  }

  static InstanceEnding ending(Instance.Ending end) {
    InstanceEnding.Builder answer =
        InstanceEnding.newBuilder().setStatus(end.status().word()).setTime(time(end.at()));
    end.output().ifPresent(output -> answer.setOutput(Replies.compact(output)));
    end.error()
        .ifPresent(error -> answer.setErrorCode(error.code()).setErrorMessage(error.message()));
    return answer.build();
  }

  @Override
  public void followLogs(FollowLogsRequest request, StreamObserver<FollowLogsResponse> caller) {
    try {
      int offset = new Paging(request.getOffset(), 0).offset();
      InstanceId id = Replies.instance(request.getInstanceId());
      LogFollower.start(
          Callers.api(),
          new LogFollower.Request(id, offset, request.getFollow(), Callers.admission()),
          (ServerCallStreamObserver<FollowLogsResponse>) caller,
          waiting);
    } catch (RuntimeException e) {
      caller.onError(Statuses.of(e));
    }
  }

  @Override
  public void cancelInstance(
      CancelInstanceRequest request, StreamObserver<CancelInstanceResponse> caller) {
    answer(
        caller,
        () -> {
          InstanceId id = Replies.instance(request.getInstanceId());
          Api api = Callers.api();
          api.instance(id);
          return CancelInstanceResponse.newBuilder()
              .setCancelled(api.cancel(id, request.getReason()))
              .build();
        });
  }

  @Override
  public void validateWorkflow(
      ValidateWorkflowRequest request, StreamObserver<ValidateWorkflowResponse> caller) {
    answer(
        caller,
        () -> {
          List<io.direktiv.model.Diagnostic> found =
              Callers.api().validate(Replies.definition(request.getWorkflow()));
          return ValidateWorkflowResponse.newBuilder()
              .setValid(found.stream().noneMatch(io.direktiv.model.Diagnostic::isError))
              .addAllDiagnostics(found.stream().map(d -> diagnostic(request.getFile(), d)).toList())
              .build();
        });
  }

  private static Diagnostic diagnostic(String file, io.direktiv.model.Diagnostic diagnostic) {
    return Diagnostic.newBuilder()
        .setFile(file)
        .setLine(diagnostic.place().line())
        .setColumn(diagnostic.place().column())
        .setSeverity(
            diagnostic.isError()
                ? Diagnostic.Severity.SEVERITY_ERROR
                : Diagnostic.Severity.SEVERITY_WARNING)
        .setMessage(diagnostic.message())
        .build();
  }
}
