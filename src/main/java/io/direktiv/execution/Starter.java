package io.direktiv.execution;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Step;
import io.direktiv.engine.Wake;
import io.direktiv.json.Json;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/// Begins instances: the first step is decided before anything is written, so a workflow of pure
/// states is one commit from its start to its end.
final class Starter {
  /// What to begin.
  ///
  /// @param startKey makes the start happen once
  /// @param extra written in the same commit, once the id is known
  record Beginning(
      DefinitionCache.Current workflow,
      Invoker invoker,
      Json input,
      Optional<String> startKey,
      Extra extra) {}

  /// More to write with a start.
  interface Extra {
    Extra NONE = _ -> List.of();

    List<Change> changes(InstanceId id);
  }

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final Collaborators with;
  private final StepPool pool;
  private final Runner runner;
  private final Runner.Hands hands;
  private final Executor effects;
  private final AtomicInteger underWay = new AtomicInteger();

  Starter(Collaborators with, StepPool pool, Runner runner, Runner.Hands hands, Executor effects) {
    this.with = with;
    this.pool = pool;
    this.runner = runner;
    this.hands = hands;
    this.effects = effects;
  }

  /// Begins an instance; completes with its record when it is on disk, and fails with
  /// [ConflictException] when the start key was used.
  CompletableFuture<Instance> begin(Beginning beginning) {
    if (underWay.incrementAndGet() > Limits.STARTS_MAX) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new OverloadException(
              "more than " + Limits.STARTS_MAX + " starts are under way; try again later"));
    }
    CompletableFuture<Instance> done = new CompletableFuture<>();
    String namespace = beginning.workflow().record().namespace();
    pool.execute(namespace, () -> decide(beginning, done, Limits.ID_DRAWS));
    return done.whenComplete((_, _) -> underWay.decrementAndGet());
  }

  private InstanceId draw(Beginning beginning) {
    StringBuilder suffix = new StringBuilder(6);
    for (int i = 0; i < 6; i++) {
      suffix.append(LETTERS.charAt(with.random().nextInt(LETTERS.length())));
    }
    var record = beginning.workflow().record();
    return new InstanceId(record.namespace(), record.id(), suffix.toString());
  }

  private void decide(Beginning beginning, CompletableFuture<Instance> done, int draws) {
    try {
      InstanceId id = draw(beginning);
      var record = beginning.workflow().record();
      Instance begun =
          with.engine()
              .begin(
                  id,
                  record.uid(),
                  record.revision(),
                  beginning.invoker(),
                  beginning.input(),
                  with.clock().instant());
      Wake wake = new Wake.Continued(begun.beganAt());
      Step step = first(beginning, begun, wake);
      Instance after = Recorder.withSequence(step.instance(), 1);
      List<Change> changes = new ArrayList<>();
      changes.add(new Change.CreateInstance(after, beginning.startKey()));
      changes.addAll(Recorder.changes(begun, step, wake));
      changes.addAll(beginning.extra().changes(id));
      with.store()
          .commit(changes)
          .whenCompleteAsync(
              (_, failure) -> written(beginning, done, draws, new Begun(after, step), failure),
              effects);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private record Begun(Instance instance, Step step) {}

  private Step first(Beginning beginning, Instance begun, Wake wake) {
    try {
      return with.engine()
          .step(beginning.workflow().definition(), begun, wake, runner.variables(begun))
          .orElseThrow();
    } catch (RuntimeException | StackOverflowError e) {
      return Runner.crash(begun, wake.at());
    }
  }

  private void written(
      Beginning beginning,
      CompletableFuture<Instance> done,
      int draws,
      Begun begun,
      Throwable failure) {
    if (failure == null) {
      Instance instance = begun.instance;
      runner.remember(instance);
      hands.perform(instance, begun.step.effects());
      hands.changed(instance, begun.step.logs());
      if (begun.step.isYielded() && instance.ending().isEmpty()) {
        runner.wake(instance.id(), new Wake.Continued(with.clock().instant()));
      }
      done.complete(instance);
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (draws > 1 && isTakenId(begun.instance.id(), cause)) {
      pool.execute(begun.instance.id().namespace(), () -> decide(beginning, done, draws - 1));
      return;
    }
    done.completeExceptionally(cause);
  }

  private static boolean isTakenId(InstanceId id, Throwable cause) {
    return cause instanceof ConflictException conflict
        && conflict.kind() == ConflictException.Kind.EXISTS
        && cause.getMessage().startsWith("instance '" + id);
  }
}
