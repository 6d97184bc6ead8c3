package io.direktiv.api;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Visit;
import io.direktiv.execution.Execution;
import io.direktiv.execution.StartRequest;
import io.direktiv.execution.Started;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.Diagnostic;
import io.direktiv.store.EventRecord;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import io.direktiv.store.WorkflowRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The API for a caller that belongs to one namespace.
///
/// Every method checks before it passes the call on, so a door cannot forget to. What is named by
/// an instance or a workflow is checked by the namespace of that.
final class NamespaceApi implements Api {
  private final Api api;
  private final Caller caller;
  private final String own;

  NamespaceApi(Api api, Caller caller) {
    this.api = api;
    this.caller = caller;
    own = caller.namespace().orElseThrow();
  }

  @Override
  public NamespaceRecord createNamespace(String name) {
    Access.requireServer(caller);
    return api.createNamespace(name);
  }

  @Override
  public void deleteNamespace(String name) {
    Access.requireServer(caller);
    api.deleteNamespace(name);
  }

  @Override
  public NamespaceRecord namespace(String name) {
    return api.namespace(checked(name));
  }

  @Override
  public Listing<NamespaceRecord> namespaces(Page page) {
    Optional<NamespaceRecord> found = ownNamespace();
    return new Listing<>(
        page.offset() == 0 ? found.stream().toList() : List.of(), found.isPresent() ? 1 : 0);
  }

  private Optional<NamespaceRecord> ownNamespace() {
    try {
      return Optional.of(api.namespace(own));
    } catch (ApiException e) {
      if (e.kind() == ApiException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public WorkflowRecord createWorkflow(
      String namespace, String source, boolean isActive, String logToEvents) {
    return api.createWorkflow(checked(namespace), source, isActive, logToEvents);
  }

  @Override
  public WorkflowRecord updateWorkflow(String uid, WorkflowUpdate update) {
    return api.updateWorkflow(workflowByUid(uid).uid(), update);
  }

  @Override
  public WorkflowRecord deleteWorkflow(String uid) {
    return api.deleteWorkflow(workflowByUid(uid).uid());
  }

  @Override
  public WorkflowRecord workflow(String namespace, String id) {
    return api.workflow(checked(namespace), id);
  }

  @Override
  public WorkflowRecord workflowByUid(String uid) {
    WorkflowRecord found = api.workflowByUid(uid);
    checked(found.namespace());
    return found;
  }

  @Override
  public Listing<WorkflowRecord> workflows(String namespace, Page page) {
    return api.workflows(checked(namespace), page);
  }

  @Override
  public List<Diagnostic> validate(String source) {
    return api.validate(source);
  }

  @Override
  public Started execute(StartRequest request) {
    checked(request.namespace());
    return api.execute(request);
  }

  @Override
  public Instance instance(InstanceId id) {
    return api.instance(checked(id));
  }

  @Override
  public Optional<Instance> awaitEnd(InstanceId id, Duration atMost) {
    return api.awaitEnd(checked(id), atMost);
  }

  @Override
  public Listing<InstanceSummary> instances(InstanceQuery query, Page page) {
    checked(query.namespace());
    return api.instances(query, page);
  }

  @Override
  public Listing<LogLine> logs(InstanceId id, Page page) {
    return api.logs(checked(id), page);
  }

  @Override
  public Listing<Visit> history(InstanceId id, Page page) {
    return api.history(checked(id), page);
  }

  @Override
  public boolean cancel(InstanceId id, String reason) {
    return api.cancel(checked(id), reason);
  }

  @Override
  public boolean publish(String namespace, CloudEvent event) {
    return api.publish(checked(namespace), event);
  }

  @Override
  public int publish(String namespace, List<CloudEvent> events) {
    return api.publish(checked(namespace), events);
  }

  @Override
  public Listing<EventRecord> events(String namespace, Page page) {
    return api.events(checked(namespace), page);
  }

  @Override
  public Listing<ListenerRecord> listeners(String namespace, Page page) {
    return api.listeners(checked(namespace), page);
  }

  @Override
  public void putSecret(String namespace, String name, byte[] value, boolean replace) {
    api.putSecret(checked(namespace), name, value, replace);
  }

  @Override
  public void deleteSecret(String namespace, String name) {
    api.deleteSecret(checked(namespace), name);
  }

  @Override
  public Listing<String> secrets(String namespace, Page page) {
    return api.secrets(checked(namespace), page);
  }

  @Override
  public void putRegistry(String namespace, String url, byte[] credentials, boolean replace) {
    api.putRegistry(checked(namespace), url, credentials, replace);
  }

  @Override
  public void deleteRegistry(String namespace, String url) {
    api.deleteRegistry(checked(namespace), url);
  }

  @Override
  public Listing<String> registries(String namespace, Page page) {
    return api.registries(checked(namespace), page);
  }

  @Override
  public void putVariable(VariableOwner owner, String key, byte[] value, String mimeType) {
    api.putVariable(checked(owner), key, value, mimeType);
  }

  @Override
  public VariableRecord variable(VariableOwner owner, String key) {
    return api.variable(checked(owner), key);
  }

  @Override
  public Listing<VariableRecord> variables(VariableOwner owner, Page page) {
    return api.variables(checked(owner), page);
  }

  @Override
  public void deleteVariable(VariableOwner owner, String key) {
    api.deleteVariable(checked(owner), key);
  }

  @Override
  public Execution.Watch watch(String namespace, Execution.Watcher watcher) {
    return api.watch(checked(namespace), watcher);
  }

  @Override
  public Optional<StoreStatistics> statistics() {
    return Optional.empty();
  }

  @Override
  public Caller authenticate(Optional<String> token) {
    return api.authenticate(token);
  }

  private String checked(String namespace) {
    Access.requireNamespace(caller, namespace);
    return namespace;
  }

  private InstanceId checked(InstanceId id) {
    checked(id.namespace());
    return id;
  }

  private VariableOwner checked(VariableOwner owner) {
    return switch (owner) {
      case VariableOwner.OfNamespace(String name) -> {
        checked(name);
        yield owner;
      }
      case VariableOwner.OfWorkflow(String namespace, String uid) -> {
        checked(namespace);
        checked(api.workflowByUid(uid).namespace());
        yield owner;
      }
      case VariableOwner.OfInstance(InstanceId id) -> {
        checked(id);
        yield owner;
      }
    };
  }
}
