package io.direktiv.execution;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Effect;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Step;
import io.direktiv.engine.Wake;
import io.direktiv.model.VariableScope;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.Change;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Store;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns a decided step into what is to be written.
final class Recorder {
  private Recorder() {}

  /// `instance` with another sequence.
  static Instance withSequence(Instance instance, long sequence) {
    return new Instance(
        instance.id(),
        instance.workflow(),
        instance.revision(),
        instance.invoker(),
        instance.input(),
        instance.beganAt(),
        sequence,
        instance.stateId(),
        instance.step(),
        instance.flow(),
        instance.data(),
        instance.attempt(),
        instance.enteredAt(),
        instance.activity(),
        instance.raised(),
        instance.ending());
  }

  /// The changes beside the instance's record.
  static List<Change> changes(Instance before, Step step, Wake wake) {
    Instance after = step.instance();
    List<Change> changes = new ArrayList<>();
    if (wake instanceof Wake.TimerFired fired) {
      changes.add(new Change.DeleteTimer(fired.timer()));
    }
    if (!step.recorded()) {
      requireStanding(step, wake).ifPresent(changes::add);
      if (wake instanceof Wake.ActionFinished finished) {
        changes.add(new Change.FinishBranch(finished.action(), finished.outcome()));
      }
    } else if (before.activity() instanceof Activity.Acting) {
      boolean isSameState =
          after.step() == before.step() && after.activity() instanceof Activity.Acting;
      if (!isSameState) {
        changes.add(new Change.DeleteActionsOf(after.id()));
      } else if (wake instanceof Wake.ActionFinished finished) {
        changes.add(new Change.FinishBranch(finished.action(), finished.outcome()));
      }
    }
    for (Effect effect : step.effects()) {
      changes.add(change(after, effect, wake.at()));
    }
    if (!step.history().isEmpty() || !step.logs().isEmpty()) {
      changes.add(new Change.AppendHistory(after.id(), step.history(), step.logs()));
    }
    return changes;
  }

  /// A step that begins an action without writing the record is refused when its instance was
  /// deleted meanwhile, which the answered action shows.
  private static Optional<Change> requireStanding(Step step, Wake wake) {
    return !step.effects().isEmpty() && wake instanceof Wake.ActionFinished finished
        ? Optional.of(new Change.RequireAction(finished.action()))
        : Optional.empty();
  }

  private static Change change(Instance instance, Effect effect, Instant at) {
    return switch (effect) {
      case Effect.Perform(ActionCall call) -> new Change.PutAction(action(instance, call));
      case Effect.CancelAction(var action) ->
          new Change.PutAction(
              new ActionRecord(
                  action,
                  ActionRecord.Kind.CANCEL,
                  true,
                  instance.workflow(),
                  instance.revision(),
                  instance.stateId(),
                  Optional.empty(),
                  0));
      case Effect.SetTimer(var timer, Instant due) -> new Change.PutTimer(timer, due);
      case Effect.ClearTimer(var timer) -> new Change.DeleteTimer(timer);
      case Effect.Listen(var listener, var filters, boolean isAll) ->
          new Change.PutListener(
              new ListenerRecord(
                  listener.toString(),
                  instance.id().namespace(),
                  new ListenerRecord.Owner.OfInstance(listener),
                  0,
                  at,
                  filters,
                  isAll,
                  Optional.empty(),
                  List.of(),
                  io.direktiv.json.JsonArray.EMPTY));
      case Effect.StopListening(var listener) -> new Change.DeleteListener(listener.toString());
      case Effect.Publish(var event) ->
          new Change.PutEvent(
              new EventRecord(instance.id().namespace(), 0, at, event, false, List.of()));
      case Effect.SetVariable variable ->
          change(owner(instance.id(), instance.workflow(), variable.scope()), variable, at);
    };
  }

  /// Takes events out of `changes` that the store knows already, so that the rest can be written.
  ///
  /// @return true when there was one
  static boolean dropKnownEvents(Store store, List<Change> changes) {
    return changes.removeIf(change ->
        change instanceof Change.PutEvent(EventRecord event)
            && store
                .waits()
                .event(event.namespace(), event.event().source(), event.event().id())
                .isPresent());
  }

  private static ActionRecord action(Instance instance, ActionCall call) {
    return new ActionRecord(
        call.id(),
        call.target() instanceof ActionCall.Target.Function
            ? ActionRecord.Kind.FUNCTION
            : ActionRecord.Kind.SUBFLOW,
        call.isAsync(),
        instance.workflow(),
        instance.revision(),
        call.state(),
        call.isAsync() ? Optional.of(call.data()) : Optional.empty(),
        call.depth());
  }

  /// The writing of a variable of `owner`.
  static Change change(VariableOwner owner, Effect.SetVariable variable, Instant at) {
    Optional<byte[]> value = variable.value();
    return value.isPresent()
        ? new Change.PutVariable(
            new VariableRecord(owner, variable.key(), value.get(), variable.mimeType(), at, at))
        : new Change.DeleteVariable(owner, variable.key());
  }

  /// Whose variable a scope means for an instance.
  static VariableOwner owner(InstanceId id, String workflow, VariableScope scope) {
    return switch (scope) {
      case INSTANCE -> new VariableOwner.OfInstance(id);
      case WORKFLOW -> new VariableOwner.OfWorkflow(id.namespace(), workflow);
      case NAMESPACE -> new VariableOwner.OfNamespace(id.namespace());
    };
  }
}
