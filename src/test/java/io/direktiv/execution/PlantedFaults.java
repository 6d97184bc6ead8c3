package io.direktiv.execution;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.Step;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Wake;
import io.direktiv.engine.logic.Engine;
import io.direktiv.model.Workflow;
import io.direktiv.store.Change;
import io.direktiv.store.Definitions;
import io.direktiv.store.Holdings;
import io.direktiv.store.Instances;
import io.direktiv.store.Store;
import io.direktiv.store.StoreStatistics;
import io.direktiv.store.Waits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Stores with a defect each, and an engine with one, to show that the simulation finds it.
final class PlantedFaults {
  private PlantedFaults() {}

  /// Says that everything is on disk before it is.
  static Store effectsBeforeCommit(Store store) {
    return new Faulty(
        store,
        changes -> {
          CompletableFuture<Void> written = store.commit(changes);
          return written.isCompletedExceptionally()
              ? written
              : CompletableFuture.completedFuture(null);
        });
  }

  /// Forgets what makes a start happen once.
  static Store noDeduplication(Store store) {
    return new Faulty(
        store,
        changes ->
            store.commit(
                changes.stream()
                    .map(change ->
                        change instanceof Change.CreateInstance(var instance, var _)
                            ? new Change.CreateInstance(instance, Optional.empty())
                            : change)
                    .toList()));
  }

  /// Does not write timers.
  static Store lostTimers(Store store) {
    return new Faulty(
        store,
        changes ->
            store.commit(
                changes.stream().filter(change -> !(change instanceof Change.PutTimer)).toList()));
  }

  /// Takes any result for one of the action that is under way, so that one which comes twice is
  /// applied twice.
  static Engine resultsTwice(EngineSettings settings) {
    return new Engine(settings) {
      @Override
      public Optional<Step> step(
          Workflow definition, Instance instance, Wake wake, Variables variables) {
        return super.step(definition, instance, current(instance, wake), variables);
      }
    };
  }

  private static Wake current(Instance instance, Wake wake) {
    return wake instanceof Wake.ActionFinished(var at, var action, var outcome, var variables)
        ? new Wake.ActionFinished(
            at, new ActionId(instance.id(), instance.step(), action.branch()), outcome, variables)
        : wake;
  }

  private record Faulty(Store store, Function<List<Change>, CompletableFuture<Void>> committer)
      implements Store {
    @Override
    public CompletableFuture<Void> commit(List<Change> changes) {
      return committer.apply(changes);
    }

    @Override
    public Definitions definitions() {
      return store.definitions();
    }

    @Override
    public Instances instances() {
      return store.instances();
    }

    @Override
    public Waits waits() {
      return store.waits();
    }

    @Override
    public Holdings holdings() {
      return store.holdings();
    }

    @Override
    public StoreStatistics statistics() {
      return store.statistics();
    }

    @Override
    public int prunable(Instant before, int atMost) {
      return store.prunable(before, atMost);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
