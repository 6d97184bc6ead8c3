package io.direktiv.store;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Visit;
import io.direktiv.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One thing to write.
public sealed interface Change {
  /// Creates a namespace; refused when it exists.
  record CreateNamespace(NamespaceRecord namespace) implements Change {}

  /// Deletes a namespace and everything in it; refused when it is absent.
  record DeleteNamespace(String name) implements Change {}

  /// Creates a workflow; refused when the namespace is absent or has one of that id.
  record CreateWorkflow(WorkflowRecord workflow) implements Change {}

  /// Replaces a workflow; refused when it is absent, when its revision is not `from`, or when the
  /// new id is taken. The sources of older revisions stay while instances need them.
  record UpdateWorkflow(WorkflowRecord workflow, int from) implements Change {}

  /// Deletes a workflow, its instances and variables; refused when it is absent.
  record DeleteWorkflow(String uid) implements Change {}

  /// Creates an instance; refused when the id is taken, when `startKey` was used in the namespace,
  /// or when the namespace or the workflow is absent.
  ///
  /// @param startKey makes the start happen once: caller's action, event and workflow, cron and
  ///   time
  record CreateInstance(Instance instance, Optional<String> startKey) implements Change {}

  /// Replaces an instance's record; refused unless the stored sequence is `instance.sequence() -
  /// 1`.
  record SaveInstance(Instance instance) implements Change {}

  /// Adds to an instance's history and log; empty lists and an absent instance add nothing.
  record AppendHistory(InstanceId instance, List<Visit> visits, List<LogLine> logs)
      implements Change {}

  /// Changes nothing; refuses the call when the action is absent or to be cancelled, so that what
  /// it starts exists only if it is still wanted.
  record RequireAction(ActionId action) implements Change {}

  /// Remembers an action that must be performed; replaces one of the same id.
  record PutAction(ActionRecord action) implements Change {}

  /// Remembers the outcome of one branch whose instance's record is not rewritten.
  record FinishBranch(ActionId action, Outcome outcome) implements Change {}

  /// Forgets an action; absent is fine.
  record DeleteAction(ActionId action) implements Change {}

  /// Forgets the awaited actions and branch outcomes of an instance; async ones and cancellations
  /// stay.
  record DeleteActionsOf(InstanceId instance) implements Change {}

  /// Remembers a timer; replaces one of the same id.
  record PutTimer(TimerId timer, Instant due) implements Change {}

  /// Forgets a timer; absent is fine.
  record DeleteTimer(TimerId timer) implements Change {}

  /// Remembers a listener; replaces one of the same id.
  record PutListener(ListenerRecord listener) implements Change {}

  /// Replaces the incomplete sets of a listener; does nothing when it is absent or was replaced,
  /// which its order shows.
  record PutSets(String listener, long order, Json sets) implements Change {}

  /// Forgets a listener; absent is fine.
  record DeleteListener(String id) implements Change {}

  /// Remembers an event that arrived, to be delivered; refused when source and id are known in the
  /// namespace.
  record PutEvent(EventRecord event) implements Change {}

  /// Marks an event as delivered.
  ///
  /// @param caused ids of the instances that it started or woke
  record FinishEvent(String namespace, long order, List<String> caused) implements Change {}

  /// Writes a variable.
  record PutVariable(VariableRecord variable) implements Change {}

  /// Deletes a variable; absent is fine.
  record DeleteVariable(VariableOwner owner, String key) implements Change {}

  /// Writes a secret.
  ///
  /// @param replace false refuses when it exists
  record PutSecret(SecretRecord secret, boolean replace) implements Change {}

  /// Deletes a secret; absent is fine.
  record DeleteSecret(String namespace, String name) implements Change {}

  /// Writes a registry's credentials.
  ///
  /// @param replace false refuses when it exists
  record PutRegistry(RegistryRecord registry, boolean replace) implements Change {}

  /// Deletes a registry; absent is fine.
  record DeleteRegistry(String namespace, String url) implements Change {}

  /// Remembers the answer to an `Idempotency-Key`; refused when the key is known in the namespace.
  record PutIdempotencyKey(IdempotencyRecord record) implements Change {}

  /// Writes an API token; refused when the name exists.
  record CreateToken(TokenRecord token) implements Change {}

  /// Deletes an API token; refused when it is absent.
  record DeleteToken(String name) implements Change {}

  /// Deletes ended instances with all they own, delivered events, and idempotency keys.
  ///
  /// @param before ended or arrived before this time
  /// @param atMost how many of each kind in this batch
  record Prune(Instant before, int atMost) implements Change {}
}
