package io.direktiv.execution;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.SubflowTurns;
import io.direktiv.json.Json;
import io.direktiv.model.Start;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.StoreBusyException;
import io.direktiv.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Starts subflows, hands their outcomes to their callers and cancels them.
///
/// A child starts at most once, by its start key, and only while its caller's action stands in the
/// store: both are part of the commit that creates it. So a caller that was cancelled, timed out or
/// deleted has either a child that the canceller finds, or none.
final class Children {
  /// What became of a start.
  sealed interface Begun {
    /// The child runs, or has ended and its caller is told.
    record Started() implements Begun {}

    /// Nobody wants it any more.
    record Unwanted() implements Begun {}

    /// It cannot be started.
    record Refused(Failure failure) implements Begun {}

    /// Too many wait in memory: it is left in the store, where the rescuer finds it.
    record Left() implements Begun {}

    /// Too much is under way or the store fails: to be tried again.
    record NotNow() implements Begun {}
  }

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Runner runner;
  private final Starter starter;
  private final Families families;
  private final SubflowTurns turns =
      new SubflowTurns(Limits.SUBFLOW_STARTS_MAX, Limits.SUBFLOWS_WAITING_MAX);

  Children(Collaborators with, DefinitionCache definitions, Runner runner, Starter starter) {
    this.with = with;
    this.definitions = definitions;
    this.runner = runner;
    this.starter = starter;
    this.families = new Families(with.store().instances(), with.settings().livingSubflowsMax());
  }

  private static String startKey(ActionId id) {
    return "action:" + id;
  }

  /// The instance that an action started.
  Optional<InstanceId> child(ActionId id) {
    return with.store().instances().byStartKey(id.instance().namespace(), startKey(id));
  }

  /// Starts a subflow when it is its turn.
  CompletableFuture<Begun> start(ActionCall call, String workflow, Json input) {
    return turns
        .take(call.id().instance().namespace(), () -> startNow(call, workflow, input))
        .orElseGet(() -> CompletableFuture.completedFuture(new Begun.Left()));
  }

  private CompletableFuture<Begun> startNow(ActionCall call, String workflow, Json input) {
    try {
      Optional<DefinitionCache.Current> child =
          definitions.current(call.id().instance().namespace(), workflow);
      Optional<Failure> refusal = refusal(workflow, child);
      if (refusal.isPresent()) {
        return CompletableFuture.completedFuture(new Begun.Refused(refusal.get()));
      }
      if (!families.join(call.root())) {
        return CompletableFuture.completedFuture(new Begun.Refused(tooMany()));
      }
      return begin(call, child.get(), input).handle((_, failure) -> begun(call, failure));
    } catch (StoreException _) {
      return CompletableFuture.completedFuture(new Begun.NotNow());
    }
  }

  /// Writes the child of a family that it was counted in.
  private CompletableFuture<?> begin(ActionCall call, DefinitionCache.Current child, Json input) {
    Invoker invoker =
        new Invoker.Subflow(call.id(), call.root(), call.state(), call.depth(), !call.isAsync());
    Starter.Extra extra =
        _ ->
            call.isAsync()
                ? List.of(new Change.RequireAction(call.id()), new Change.DeleteAction(call.id()))
                : List.of(new Change.RequireAction(call.id()));
    try {
      return starter.begin(
          new Starter.Beginning(child, invoker, input, Optional.of(startKey(call.id())), extra));
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Optional<Failure> refusal(
      String workflow, Optional<DefinitionCache.Current> child) {
    if (child.isEmpty()) {
      return Optional.of(
          Failure.uncatchable(
              Codes.SUBFLOW_NOT_EXIST, "workflow '" + workflow + "' does not exist"));
    }
    Start start = child.get().definition().start();
    if (!(start instanceof Start.Default)) {
      return Optional.of(
          Failure.uncatchable(
              Codes.INVOKE, "cannot subflow invoke workflows with '" + start.type() + "' starts"));
    }
    if (!child.get().record().isActive()) {
      return Optional.of(Failure.uncatchable(Codes.INVOKE, "workflow is inactive"));
    }
    return Optional.empty();
  }

  private Failure tooMany() {
    return Failure.catchable(
        Codes.SUBFLOWS,
        "more than "
            + with.settings().livingSubflowsMax()
            + " subflows of one instance, theirs included, would live at one time");
  }

  private Begun begun(ActionCall call, Throwable failure) {
    if (failure == null) {
      return new Begun.Started();
    }
    families.leave(call.root());
    return switch (PatientWriter.cause(failure)) {
      case ConflictException conflict when conflict.kind() == ConflictException.Kind.EXISTS -> {
        rejoin(call.id());
        yield new Begun.Started();
      }
      case ConflictException conflict
          when conflict.getMessage().startsWith("action ")
              || conflict.getMessage().startsWith("namespace ") ->
          new Begun.Unwanted();
      // The workflow was deleted just now; what is cached of it will be gone next time.
      case ConflictException _, StoreException _, StoreBusyException _, OverloadException _ ->
          new Begun.NotNow();
      case Throwable other -> throw new CompletionException(other);
    };
  }

  /// The child was started earlier: if it has ended, its outcome is handed on now.
  ///
  /// @return false when there is no child
  boolean rejoin(ActionId id) {
    Optional<Instance> child = child(id).flatMap(with.store().instances()::load);
    child.filter(instance -> instance.ending().isPresent()).ifPresent(this::ended);
    return child.isPresent();
  }

  /// A subflow has just ended: counts it out, and hands its outcome to its caller.
  void endedNow(Instance child) {
    if (child.invoker() instanceof Invoker.Subflow subflow) {
      families.leave(subflow.root());
    }
    ended(child);
  }

  /// Counts living subflows anew, after instances of a namespace were deleted.
  void recount(String namespace) {
    families.recount(namespace);
  }

  /// Hands the outcome of an ended subflow to its caller.
  private void ended(Instance child) {
    if (child.invoker() instanceof Invoker.Subflow(ActionId caller, _, _, _, boolean isAwaited)
        && isAwaited) {
      runner.wake(
          caller.instance(),
          new Wake.ActionFinished(with.clock().instant(), caller, outcome(child)));
    }
  }

  private static Outcome outcome(Instance child) {
    Instance.Ending ending = child.ending().orElseThrow();
    if (ending.status() == Status.COMPLETE) {
      return new Outcome.Returned(ending.output().orElse(Json.NULL));
    }
    WorkflowError error =
        ending.error().orElse(new WorkflowError(Codes.INTERNAL, "an internal error occurred"));
    return new Outcome.Failed(Failure.catchable(error.code(), error.message()));
  }

  /// Cancels what an action started; completes when the child's end is on disk.
  CompletableFuture<Boolean> cancel(ActionId id) {
    WorkflowError error = new WorkflowError(Codes.CANCEL_PARENT, "cancelled by parent workflow");
    return child(id)
        .map(child -> runner.wake(child, new Wake.CancelRequested(with.clock().instant(), error)))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }
}
