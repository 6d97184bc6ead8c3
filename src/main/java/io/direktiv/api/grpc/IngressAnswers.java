package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.Replies.time;

import com.google.protobuf.ByteString;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.WorkflowError;
import io.direktiv.protocol.ingress.GetNamespacesResponse;
import io.direktiv.protocol.ingress.GetRegistriesResponse;
import io.direktiv.protocol.ingress.GetSecretsResponse;
import io.direktiv.protocol.ingress.GetWorkflowByIdResponse;
import io.direktiv.protocol.ingress.GetWorkflowByUidResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstancesResponse;
import io.direktiv.protocol.ingress.GetWorkflowsResponse;
import io.direktiv.protocol.ingress.InvokeWorkflowResponse;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.WorkflowRecord;
import java.util.List;
import java.util.Optional;

/// Turns records into messages of the compatible service. Every scalar is set, also when it is
/// empty: clients of v0.1.6 read through pointers and crash on what is left out.
final class IngressAnswers {
  private static final WorkflowError NO_ERROR = new WorkflowError("", "");

  private IngressAnswers() {}

  static GetNamespacesResponse.Namespace namespace(NamespaceRecord record) {
    return GetNamespacesResponse.Namespace.newBuilder()
        .setName(record.name())
        .setCreatedAt(time(record.createdAt()))
        .build();
  }

  static GetWorkflowByIdResponse byId(WorkflowRecord record) {
    return GetWorkflowByIdResponse.newBuilder()
        .setUid(record.uid())
        .setId(record.id())
        .setRevision(record.revision())
        .setActive(record.isActive())
        .setCreatedAt(time(record.createdAt()))
        .setDescription(record.description())
        .setWorkflow(ByteString.copyFromUtf8(record.source()))
        .setLogToEvents(record.logToEvents())
        .build();
  }

  static GetWorkflowByUidResponse byUid(WorkflowRecord record) {
    return GetWorkflowByUidResponse.newBuilder()
        .setUid(record.uid())
        .setId(record.id())
        .setRevision(record.revision())
        .setActive(record.isActive())
        .setCreatedAt(time(record.createdAt()))
        .setDescription(record.description())
        .setWorkflow(ByteString.copyFromUtf8(record.source()))
        .setLogToEvents(record.logToEvents())
        .build();
  }

  static GetWorkflowsResponse.Workflow workflow(WorkflowRecord record) {
    return GetWorkflowsResponse.Workflow.newBuilder()
        .setUid(record.uid())
        .setId(record.id())
        .setRevision(record.revision())
        .setActive(record.isActive())
        .setCreatedAt(time(record.createdAt()))
        .setDescription(record.description())
        .setLogToEvents(record.logToEvents())
        .build();
  }

  static InvokeWorkflowResponse.Builder started(InstanceId id) {
    return InvokeWorkflowResponse.newBuilder().setInstanceId(id.toString());
  }

  /// Without an output when the instance still runs; with an empty one when it ended without.
  static InvokeWorkflowResponse waited(InstanceId id, Optional<Instance.Ending> ending) {
    InvokeWorkflowResponse.Builder answer = started(id);
    ending.ifPresent(end -> answer.setOutput(output(end)));
    return answer.build();
  }

  static GetWorkflowInstanceResponse instance(Instance instance) {
    Optional<Instance.Ending> ending = instance.ending();
    WorkflowError error = ending.flatMap(Instance.Ending::error).orElse(NO_ERROR);
    GetWorkflowInstanceResponse.Builder answer =
        GetWorkflowInstanceResponse.newBuilder()
            .setId(instance.id().toString())
            .setStatus(instance.status().word())
            .setInvokedBy(instance.workflow())
            .setRevision(instance.revision())
            .setBeginTime(time(instance.beganAt()))
            .addAllFlow(instance.flow())
            .setInput(ByteString.copyFromUtf8(instance.input().toPrettyString()))
            .setOutput(ending.map(IngressAnswers::output).orElse(ByteString.EMPTY))
            .setErrorCode(error.code())
            .setErrorMessage(error.message());
    ending.ifPresent(end -> answer.setEndTime(time(end.at())));
    return answer.build();
  }

  private static ByteString output(Instance.Ending ending) {
    return ending.output().map(Replies::compact).orElse(ByteString.EMPTY);
  }

  static GetWorkflowInstancesResponse.WorkflowInstance summary(InstanceSummary summary) {
    return GetWorkflowInstancesResponse.WorkflowInstance.newBuilder()
        .setId(summary.id().toString())
        .setStatus(summary.status().word())
        .setBeginTime(time(summary.beganAt()))
        .build();
  }

  /// @param paging as it was asked for; the id of a line is its number in the log
  static GetWorkflowInstanceLogsResponse logs(Paging paging, List<LogLine> lines) {
    GetWorkflowInstanceLogsResponse.Builder answer =
        GetWorkflowInstanceLogsResponse.newBuilder()
            .setOffset(paging.offset())
            .setLimit(paging.limit());
    long number = paging.offset();
    for (LogLine line : lines) {
      answer
          .addWorkflowInstanceLogsBuilder()
          .setId(Long.toString(number++))
          .setLevel(line.level().word())
          .setTimestamp(time(line.at()))
          .setMessage(line.message());
    }
    return answer.build();
  }

  static GetSecretsResponse.Secret secret(String name) {
    return GetSecretsResponse.Secret.newBuilder().setName(name).build();
  }

  static GetRegistriesResponse.Registry registry(String url) {
    return GetRegistriesResponse.Registry.newBuilder().setName(url).setId(url).build();
  }
}
