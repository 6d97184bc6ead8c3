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

/// What clients can ask of a server. Safe for use by many threads; calls block until done.
///
/// Every method throws [ApiException].
public interface Api {
  /// Creates a namespace.
  NamespaceRecord createNamespace(String name);

  /// Deletes a namespace and everything in it.
  void deleteNamespace(String name);

  /// The namespace `name`.
  NamespaceRecord namespace(String name);

  /// Namespaces by name.
  Listing<NamespaceRecord> namespaces(Page page);

  /// Creates a workflow from its text.
  WorkflowRecord createWorkflow(
      String namespace, String source, boolean isActive, String logToEvents);

  /// Replaces a workflow; absent parts stay as they are.
  WorkflowRecord updateWorkflow(String uid, WorkflowUpdate update);

  /// Deletes a workflow with its instances.
  WorkflowRecord deleteWorkflow(String uid);

  /// The workflow `id` of a namespace.
  WorkflowRecord workflow(String namespace, String id);

  /// The workflow `uid`.
  WorkflowRecord workflowByUid(String uid);

  /// Workflows by id; empty when the namespace is absent.
  Listing<WorkflowRecord> workflows(String namespace, Page page);

  /// Problems of a definition, in document order.
  List<Diagnostic> validate(String source);

  /// Starts an instance.
  Started execute(StartRequest request);

  /// The record of an instance.
  Instance instance(InstanceId id);

  /// The final record of an instance, waiting for it at most `atMost`; empty when it still runs.
  Optional<Instance> awaitEnd(InstanceId id, Duration atMost);

  /// Instances, newest first; empty when the namespace is absent.
  Listing<InstanceSummary> instances(InstanceQuery query, Page page);

  /// Log lines, oldest first; empty when the instance is absent.
  Listing<LogLine> logs(InstanceId id, Page page);

  /// Passed visits, oldest first.
  Listing<Visit> history(InstanceId id, Page page);

  /// Cancels an instance; false when it has ended already or is absent.
  boolean cancel(InstanceId id, String reason);

  /// Takes an event; false when it is known already.
  boolean publish(String namespace, CloudEvent event);

  /// Publishes several events in one commit: all that are new, or none.
  ///
  /// @return how many are new
  int publish(String namespace, List<CloudEvent> events);

  /// Events that arrived, newest first.
  Listing<EventRecord> events(String namespace, Page page);

  /// What waits for events.
  Listing<ListenerRecord> listeners(String namespace, Page page);

  /// Stores a secret.
  void putSecret(String namespace, String name, byte[] value, boolean replace);

  /// Deletes a secret; absent is fine.
  void deleteSecret(String namespace, String name);

  /// Names of secrets.
  Listing<String> secrets(String namespace, Page page);

  /// Stores the credentials `user:token` (or `user!token`) of a registry.
  void putRegistry(String namespace, String url, byte[] credentials, boolean replace);

  /// Deletes a registry; absent is fine.
  void deleteRegistry(String namespace, String url);

  /// Urls of registries.
  Listing<String> registries(String namespace, Page page);

  /// Writes a variable.
  void putVariable(VariableOwner owner, String key, byte[] value, String mimeType);

  /// A variable.
  VariableRecord variable(VariableOwner owner, String key);

  /// Variables by key, without values.
  Listing<VariableRecord> variables(VariableOwner owner, Page page);

  /// Deletes a variable; absent is fine.
  void deleteVariable(VariableOwner owner, String key);

  /// Tells `watcher` about committed changes of a namespace's instances.
  Execution.Watch watch(String namespace, Execution.Watcher watcher);

  /// How the store fares; empty for a caller that belongs to one namespace.
  Optional<StoreStatistics> statistics();

  /// Checks a bearer token; absent when the caller has none.
  ///
  /// @return what the caller may do
  Caller authenticate(Optional<String> token);

  /// Changes to a workflow.
  ///
  /// @param revision refuses unless this is the current one
  record WorkflowUpdate(
      Optional<Integer> revision,
      Optional<Boolean> isActive,
      Optional<String> source,
      Optional<String> logToEvents) {}

  /// Who calls.
  ///
  /// @param namespace the only namespace the caller may touch; absent for all
  record Caller(String name, Optional<String> namespace) {}
}
