package io.direktiv.execution;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Effect;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.model.VariableScope;
import io.direktiv.store.ActionRecord;
import io.direktiv.store.Change;
import io.direktiv.store.Store;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The variables around one action. They are found through its row in the store, and written only
/// while that stands: an action that was cancelled, or whose instance was deleted, leaves nothing.
final class ActionVariables implements FunctionVariables {
  private final Store store;
  private final InstantSource clock;
  private final PatientWriter writer;
  private final ActionId id;
  private final List<Effect.SetVariable> left = new ArrayList<>();

  ActionVariables(Store store, InstantSource clock, PatientWriter writer, ActionId id) {
    this.store = store;
    this.clock = clock;
    this.writer = writer;
    this.id = id;
  }

  private Optional<VariableOwner> owner(VariableScope scope) {
    return store
        .waits()
        .action(id)
        .map(ActionRecord::workflow)
        .map(workflow -> Recorder.owner(id.instance(), workflow, scope));
  }

  @Override
  public Optional<byte[]> read(VariableScope scope, String key) {
    return owner(scope)
        .flatMap(owner -> store.holdings().variable(owner, key))
        .map(VariableRecord::value);
  }

  @Override
  public boolean write(Effect.SetVariable variable) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.RequireAction(id));
    changes.addAll(changes(List.of(variable)));
    try {
      writer.write(changes).get(Limits.VARIABLE_TIME.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public synchronized void leave(List<Effect.SetVariable> variables) {
    left.addAll(variables);
  }

  /// What was left to be written with the result.
  synchronized List<Effect.SetVariable> left() {
    return List.copyOf(left);
  }

  /// The writing of `variables`.
  List<Change> changes(List<Effect.SetVariable> variables) {
    List<Change> changes = new ArrayList<>();
    for (Effect.SetVariable variable : variables) {
      owner(variable.scope())
          .map(owner -> Recorder.change(owner, variable, clock.instant()))
          .ifPresent(changes::add);
    }
    return changes;
  }
}
