package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.Replies.answer;
import static io.direktiv.api.grpc.Replies.time;

import com.google.protobuf.Empty;
import io.direktiv.api.Api;
import io.direktiv.api.CloudEvents;
import io.direktiv.api.Inputs;
import io.direktiv.api.Limits;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.execution.StartRequest;
import io.direktiv.execution.Started;
import io.direktiv.protocol.ingress.AddNamespaceRequest;
import io.direktiv.protocol.ingress.AddNamespaceResponse;
import io.direktiv.protocol.ingress.AddWorkflowRequest;
import io.direktiv.protocol.ingress.AddWorkflowResponse;
import io.direktiv.protocol.ingress.BroadcastEventRequest;
import io.direktiv.protocol.ingress.CancelWorkflowInstanceRequest;
import io.direktiv.protocol.ingress.DeleteNamespaceRequest;
import io.direktiv.protocol.ingress.DeleteNamespaceResponse;
import io.direktiv.protocol.ingress.DeleteRegistryRequest;
import io.direktiv.protocol.ingress.DeleteSecretRequest;
import io.direktiv.protocol.ingress.DeleteWorkflowRequest;
import io.direktiv.protocol.ingress.DeleteWorkflowResponse;
import io.direktiv.protocol.ingress.DirektivIngressGrpc.DirektivIngressImplBase;
import io.direktiv.protocol.ingress.GetNamespacesRequest;
import io.direktiv.protocol.ingress.GetNamespacesResponse;
import io.direktiv.protocol.ingress.GetRegistriesRequest;
import io.direktiv.protocol.ingress.GetRegistriesResponse;
import io.direktiv.protocol.ingress.GetSecretsRequest;
import io.direktiv.protocol.ingress.GetSecretsResponse;
import io.direktiv.protocol.ingress.GetWorkflowByIdRequest;
import io.direktiv.protocol.ingress.GetWorkflowByIdResponse;
import io.direktiv.protocol.ingress.GetWorkflowByUidRequest;
import io.direktiv.protocol.ingress.GetWorkflowByUidResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstanceResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstancesRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstancesResponse;
import io.direktiv.protocol.ingress.GetWorkflowsRequest;
import io.direktiv.protocol.ingress.GetWorkflowsResponse;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import io.direktiv.protocol.ingress.InvokeWorkflowResponse;
import io.direktiv.protocol.ingress.StoreRegistryRequest;
import io.direktiv.protocol.ingress.StoreSecretRequest;
import io.direktiv.protocol.ingress.UpdateWorkflowRequest;
import io.direktiv.protocol.ingress.UpdateWorkflowResponse;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The service of Direktiv v0.1.6 (reference 1.5; where the original did badly, its column "ours").
///
/// Lists of a namespace or instance that does not exist are empty, and negative paging is refused.
/// Answers repeat the paging that was asked for.
final class IngressService extends DirektivIngressImplBase {
  private final int itemsMax;
  private final Endings endings;

  IngressService(int itemsMax, Endings endings) {
    this.itemsMax = itemsMax;
    this.endings = endings;
  }

  // ---- namespaces ----

  @Override
  public void addNamespace(
      AddNamespaceRequest request, StreamObserver<AddNamespaceResponse> caller) {
    answer(
        caller,
        () -> {
          NamespaceRecord created = Callers.api().createNamespace(request.getName());
          return AddNamespaceResponse.newBuilder()
              .setName(created.name())
              .setCreatedAt(time(created.createdAt()))
              .build();
        });
  }

  @Override
  public void deleteNamespace(
      DeleteNamespaceRequest request, StreamObserver<DeleteNamespaceResponse> caller) {
    answer(
        caller,
        () -> {
          Callers.api().deleteNamespace(request.getName());
          return DeleteNamespaceResponse.newBuilder().setName(request.getName()).build();
        });
  }

  @Override
  public void getNamespaces(
      GetNamespacesRequest request, StreamObserver<GetNamespacesResponse> caller) {
    answer(
        caller,
        () -> {
          Paging paging = new Paging(request.getOffset(), request.getLimit());
          var found = paging.read("namespaces", itemsMax, Callers.api()::namespaces);
          return GetNamespacesResponse.newBuilder()
              .addAllNamespaces(found.items().stream().map(IngressAnswers::namespace).toList())
              .setOffset(paging.offset())
              .setLimit(paging.limit())
              .build();
        });
  }

  // ---- workflows ----

  @Override
  public void addWorkflow(AddWorkflowRequest request, StreamObserver<AddWorkflowResponse> caller) {
    answer(
        caller,
        () -> {
          WorkflowRecord created =
              Callers.api()
                  .createWorkflow(
                      request.getNamespace(),
                      Replies.definition(request.getWorkflow()),
                      request.getActive(),
                      request.getLogToEvents());
          return AddWorkflowResponse.newBuilder()
              .setUid(created.uid())
              .setId(created.id())
              .setRevision(created.revision())
              .setActive(created.isActive())
              .setCreatedAt(time(created.createdAt()))
              .build();
        });
  }

  @Override
  public void updateWorkflow(
      UpdateWorkflowRequest request, StreamObserver<UpdateWorkflowResponse> caller) {
    answer(
        caller,
        () -> {
          WorkflowRecord updated = Callers.api().updateWorkflow(request.getUid(), update(request));
          return UpdateWorkflowResponse.newBuilder()
              .setUid(updated.uid())
              .setId(updated.id())
              .setRevision(updated.revision())
              .setActive(updated.isActive())
              .setCreatedAt(time(updated.createdAt()))
              .build();
        });
  }

  private static Api.WorkflowUpdate update(UpdateWorkflowRequest request) {
    return new Api.WorkflowUpdate(
        request.hasRevision() ? Optional.of(request.getRevision()) : Optional.empty(),
        request.hasActive() ? Optional.of(request.getActive()) : Optional.empty(),
        request.hasWorkflow()
            ? Optional.of(Replies.definition(request.getWorkflow()))
            : Optional.empty(),
        request.hasLogToEvents() ? Optional.of(request.getLogToEvents()) : Optional.empty());
  }

  @Override
  public void deleteWorkflow(
      DeleteWorkflowRequest request, StreamObserver<DeleteWorkflowResponse> caller) {
    answer(
        caller,
        () -> {
          WorkflowRecord deleted = Callers.api().deleteWorkflow(request.getUid());
          return DeleteWorkflowResponse.newBuilder().setUid(deleted.uid()).build();
        });
  }

  @Override
  public void getWorkflowById(
      GetWorkflowByIdRequest request, StreamObserver<GetWorkflowByIdResponse> caller) {
    answer(
        caller,
        () -> IngressAnswers.byId(Callers.api().workflow(request.getNamespace(), request.getId())));
  }

  @Override
  public void getWorkflowByUid(
      GetWorkflowByUidRequest request, StreamObserver<GetWorkflowByUidResponse> caller) {
    answer(caller, () -> IngressAnswers.byUid(Callers.api().workflowByUid(request.getUid())));
  }

  @Override
  public void getWorkflows(
      GetWorkflowsRequest request, StreamObserver<GetWorkflowsResponse> caller) {
    answer(
        caller,
        () -> {
          Api api = Callers.api();
          Paging paging = new Paging(request.getOffset(), request.getLimit());
          var found =
              paging.read(
                  "workflows", itemsMax, page -> api.workflows(request.getNamespace(), page));
          return GetWorkflowsResponse.newBuilder()
              .addAllWorkflows(found.items().stream().map(IngressAnswers::workflow).toList())
              .setOffset(paging.offset())
              .setLimit(paging.limit())
              .setTotal(Replies.clamped(found.total()))
              .build();
        });
  }

  // ---- instances ----

  @Override
  public void invokeWorkflow(
      InvokeWorkflowRequest request, StreamObserver<InvokeWorkflowResponse> caller) {
    Api api = Callers.api();
    if (!request.getWait()) {
      answer(caller, () -> IngressAnswers.started(start(api, request).id()).build());
      return;
    }
    endings.answer(
        caller,
        () -> start(api, request),
        Endings.AS_LONG_AS_ALLOWED,
        (started, ending) -> IngressAnswers.waited(started.id(), ending));
  }

  private static Started start(Api api, InvokeWorkflowRequest request) {
    return api.execute(
        new StartRequest(
            request.getNamespace(),
            request.getWorkflowId(),
            Inputs.lenient(request.getInput().toByteArray()),
            false,
            Optional.empty()));
  }

  @Override
  public void getWorkflowInstance(
      GetWorkflowInstanceRequest request, StreamObserver<GetWorkflowInstanceResponse> caller) {
    answer(
        caller,
        () -> IngressAnswers.instance(Callers.api().instance(Replies.instance(request.getId()))));
  }

  @Override
  public void getWorkflowInstances(
      GetWorkflowInstancesRequest request, StreamObserver<GetWorkflowInstancesResponse> caller) {
    answer(
        caller,
        () -> {
          Api api = Callers.api();
          Paging paging = new Paging(request.getOffset(), request.getLimit());
          InstanceQuery all = InstanceQuery.of(request.getNamespace());
          var found = paging.read("instances", itemsMax, page -> api.instances(all, page));
          return GetWorkflowInstancesResponse.newBuilder()
              .addAllWorkflowInstances(found.items().stream().map(IngressAnswers::summary).toList())
              .setOffset(paging.offset())
              .setLimit(paging.limit())
              .build();
        });
  }

  @Override
  public void getWorkflowInstanceLogs(
      GetWorkflowInstanceLogsRequest request,
      StreamObserver<GetWorkflowInstanceLogsResponse> caller) {
    answer(
        caller,
        () -> {
          Api api = Callers.api();
          Paging paging = new Paging(request.getOffset(), request.getLimit());
          List<LogLine> lines =
              InstanceId.parse(request.getInstanceId())
                  .map(id ->
                      paging
                          .orLimit(Limits.PAGE_DEFAULT)
                          .read("log lines", itemsMax, page -> api.logs(id, page))
                          .items())
                  .orElse(List.of());
          return IngressAnswers.logs(paging, lines);
        });
  }

  @Override
  public void cancelWorkflowInstance(
      CancelWorkflowInstanceRequest request, StreamObserver<Empty> caller) {
    answer(
        caller,
        () -> {
          Api api = Callers.api();
          InstanceId.parse(request.getId()).ifPresent(id -> api.cancel(id, ""));
          return Empty.getDefaultInstance();
        });
  }

  // ---- events, secrets, registries ----

  @Override
  public void broadcastEvent(BroadcastEventRequest request, StreamObserver<Empty> caller) {
    answer(
        caller,
        () -> {
          Callers.api()
              .publish(
                  request.getNamespace(), CloudEvents.parse(request.getCloudevent().toByteArray()));
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void getSecrets(GetSecretsRequest request, StreamObserver<GetSecretsResponse> caller) {
    answer(
        caller,
        () -> {
          Api api = Callers.api();
          var found = all("secrets", page -> api.secrets(request.getNamespace(), page));
          return GetSecretsResponse.newBuilder()
              .addAllSecrets(found.stream().map(IngressAnswers::secret).toList())
              .build();
        });
  }

  @Override
  public void storeSecret(StoreSecretRequest request, StreamObserver<Empty> caller) {
    answer(
        caller,
        () -> {
          Callers.api()
              .putSecret(
                  request.getNamespace(),
                  request.getName(),
                  request.getData().toByteArray(),
                  false);
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void deleteSecret(DeleteSecretRequest request, StreamObserver<Empty> caller) {
    answer(
        caller,
        () -> {
          Callers.api().deleteSecret(request.getNamespace(), request.getName());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void getRegistries(
      GetRegistriesRequest request, StreamObserver<GetRegistriesResponse> caller) {
    answer(
        caller,
        () -> {
          Api api = Callers.api();
          var found = all("registries", page -> api.registries(request.getNamespace(), page));
          return GetRegistriesResponse.newBuilder()
              .addAllRegistries(found.stream().map(IngressAnswers::registry).toList())
              .build();
        });
  }

  @Override
  public void storeRegistry(StoreRegistryRequest request, StreamObserver<Empty> caller) {
    answer(
        caller,
        () -> {
          Callers.api()
              .putRegistry(
                  request.getNamespace(),
                  request.getName(),
                  request.getData().toByteArray(),
                  false);
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void deleteRegistry(DeleteRegistryRequest request, StreamObserver<Empty> caller) {
    answer(
        caller,
        () -> {
          Callers.api().deleteRegistry(request.getNamespace(), request.getName());
          return Empty.getDefaultInstance();
        });
  }

  private List<String> all(String what, Function<Page, Listing<String>> list) {
    return new Paging(0, 0).read(what, itemsMax, list).items();
  }
}
