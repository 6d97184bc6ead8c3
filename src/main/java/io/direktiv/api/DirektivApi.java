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
import io.direktiv.model.Names;
import io.direktiv.model.WorkflowReader;
import io.direktiv.secrets.Vault;
import io.direktiv.store.Change;
import io.direktiv.store.EventRecord;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import io.direktiv.store.WorkflowRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// The API on a store and an execution. Safe for use by many threads.
public final class DirektivApi implements Api {
  private static final Caller ANYBODY = new Caller("anybody", Optional.empty());

  private final Store store;
  private final Execution execution;
  private final Vault vault;
  private final Clock clock;
  private final AuthMode auth;
  private final Workflows workflows;
  private final HoldingsKeeper holdings;

  /// An API on what a server is made of; `ids` names new workflows.
  public DirektivApi(
      Store store,
      Execution execution,
      Vault vault,
      Clock clock,
      Supplier<UUID> ids,
      AuthMode auth) {
    this.store = store;
    this.execution = execution;
    this.vault = vault;
    // What a call answers is what the store will give back, and it keeps no nanoseconds.
    this.clock = Clock.tick(clock, Duration.of(1, ChronoUnit.MICROS));
    this.auth = auth;
    workflows = new Workflows(store, execution, this.clock, ids);
    holdings = new HoldingsKeeper(store, vault, this.clock);
  }

  @Override
  public NamespaceRecord createNamespace(String name) {
    if (!Names.ID.matcher(name).matches()) {
      throw Refusals.invalid("namespace name must match regex: " + Names.ID.pattern());
    }
    NamespaceRecord created = new NamespaceRecord(name, clock.instant(), vault.newKey(name));
    Refusals.await(store.commit(List.of(new Change.CreateNamespace(created))));
    return created;
  }

  @Override
  public void deleteNamespace(String name) {
    namespace(name);
    Refusals.await(store.commit(List.of(new Change.DeleteNamespace(name))));
    execution.forget(name, Optional.empty());
  }

  @Override
  public NamespaceRecord namespace(String name) {
    return store
        .definitions()
        .namespace(name)
        .orElseThrow(() -> Refusals.absent("namespace", name));
  }

  @Override
  public Listing<NamespaceRecord> namespaces(Page page) {
    return store.definitions().namespaces(page);
  }

  @Override
  public WorkflowRecord createWorkflow(
      String namespace, String source, boolean isActive, String logToEvents) {
    return workflows.create(namespace, source, isActive, logToEvents);
  }

  @Override
  public WorkflowRecord updateWorkflow(String uid, WorkflowUpdate update) {
    return workflows.update(uid, update);
  }

  @Override
  public WorkflowRecord deleteWorkflow(String uid) {
    return workflows.delete(uid);
  }

  @Override
  public WorkflowRecord workflow(String namespace, String id) {
    return store
        .definitions()
        .workflow(namespace, id)
        .orElseThrow(() -> Refusals.absent("workflow", namespace + "/" + id));
  }

  @Override
  public WorkflowRecord workflowByUid(String uid) {
    return workflows.byUid(uid);
  }

  @Override
  public Listing<WorkflowRecord> workflows(String namespace, Page page) {
    return store.definitions().workflows(namespace, page);
  }

  @Override
  public List<Diagnostic> validate(String source) {
    int bytes = source.getBytes(StandardCharsets.UTF_8).length;
    int max = io.direktiv.model.Limits.WORKFLOW_BYTES_MAX;
    if (bytes > max) {
      throw Refusals.tooLarge("workflow definition", bytes, max);
    }
    return WorkflowReader.read(source).diagnostics();
  }

  @Override
  public Started execute(StartRequest request) {
    request.idempotency().ifPresent(DirektivApi::requireKey);
    return Refusals.await(execution.start(request));
  }

  @Override
  public Instance instance(InstanceId id) {
    return store.instances().load(id).orElseThrow(() -> Refusals.absent("instance", id.toString()));
  }

  @Override
  public Optional<Instance> awaitEnd(InstanceId id, Duration atMost) {
    CompletableFuture<Optional<Instance>> waiter = execution.awaitEnd(id);
    try {
      Optional<Instance> end = waiter.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(end.orElseThrow(() -> Refusals.absent("instance", id.toString())));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw Refusals.of(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusals.of(e);
    } finally {
      waiter.cancel(false);
    }
  }

  @Override
  public Listing<InstanceSummary> instances(InstanceQuery query, Page page) {
    return store.instances().list(query, page);
  }

  @Override
  public Listing<LogLine> logs(InstanceId id, Page page) {
    return store.instances().logs(id, page);
  }

  @Override
  public Listing<Visit> history(InstanceId id, Page page) {
    return store.instances().history(id, page);
  }

  @Override
  public boolean cancel(InstanceId id, String reason) {
    return Refusals.await(execution.cancel(id, reason));
  }

  @Override
  public boolean publish(String namespace, CloudEvent event) {
    return publish(namespace, List.of(event)) == 1;
  }

  @Override
  public int publish(String namespace, List<CloudEvent> events) {
    if (namespace.isBlank()) {
      throw Refusals.invalid("an event needs a namespace, but it is empty");
    }
    List<CloudEvent> checked =
        events.stream().map(event -> CloudEvents.check(event.json())).toList();
    namespace(namespace);
    return Refusals.await(execution.publish(namespace, checked));
  }

  @Override
  public Listing<EventRecord> events(String namespace, Page page) {
    return store.waits().events(namespace, page);
  }

  @Override
  public Listing<ListenerRecord> listeners(String namespace, Page page) {
    return store.waits().listeners(namespace, page);
  }

  @Override
  public void putSecret(String namespace, String name, byte[] value, boolean replace) {
    holdings.putSecret(namespace, name, value, replace);
  }

  @Override
  public void deleteSecret(String namespace, String name) {
    holdings.deleteSecret(namespace, name);
  }

  @Override
  public Listing<String> secrets(String namespace, Page page) {
    return holdings.secrets(namespace, page);
  }

  @Override
  public void putRegistry(String namespace, String url, byte[] credentials, boolean replace) {
    holdings.putRegistry(namespace, url, credentials, replace);
  }

  @Override
  public void deleteRegistry(String namespace, String url) {
    holdings.deleteRegistry(namespace, url);
  }

  @Override
  public Listing<String> registries(String namespace, Page page) {
    return holdings.registries(namespace, page);
  }

  @Override
  public void putVariable(VariableOwner owner, String key, byte[] value, String mimeType) {
    holdings.putVariable(owner, key, value, mimeType);
  }

  @Override
  public VariableRecord variable(VariableOwner owner, String key) {
    return holdings.variable(owner, key);
  }

  @Override
  public Listing<VariableRecord> variables(VariableOwner owner, Page page) {
    return holdings.variables(owner, page);
  }

  @Override
  public void deleteVariable(VariableOwner owner, String key) {
    holdings.deleteVariable(owner, key);
  }

  @Override
  public Execution.Watch watch(String namespace, Execution.Watcher watcher) {
    return execution.watch(namespace, watcher);
  }

  @Override
  public Optional<StoreStatistics> statistics() {
    return Optional.of(store.statistics());
  }

  @Override
  public Caller authenticate(Optional<String> token) {
    if (auth == AuthMode.OFF) {
      return ANYBODY;
    }
    TokenRecord known =
        token
            .flatMap(text -> store.holdings().token(ApiToken.hash(text)))
            .filter(this::isValid)
            .orElseThrow(() -> unauthenticated(token));
    return new Caller(known.name(), known.namespace());
  }

  private boolean isValid(TokenRecord token) {
    return token.expiresAt().map(end -> clock.instant().isBefore(end)).orElse(true);
  }

  private static ApiException unauthenticated(Optional<String> token) {
    return new ApiException(
        ApiException.Kind.UNAUTHENTICATED,
        "request_unauthenticated",
        token
            .map(text ->
                ApiToken.isWellFormed(text)
                    ? "the API token is unknown or has expired; create one with 'direktiv token"
                        + " create'"
                    : "this is no whole API token; one begins with dk_ and ends with a checksum")
            .orElse("this server wants an API token; send it as 'Authorization: Bearer TOKEN'"));
  }

  private static void requireKey(StartRequest.Idempotency idempotency) {
    int length = idempotency.key().length();
    if (length == 0 || length > Limits.IDEMPOTENCY_KEY_CHARS_MAX) {
      throw Refusals.invalid(
          "Idempotency-Key must have 1 to "
              + Limits.IDEMPOTENCY_KEY_CHARS_MAX
              + " characters, but has "
              + length);
    }
  }
}
