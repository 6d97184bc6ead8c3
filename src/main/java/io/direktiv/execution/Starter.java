package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.INSTANCE;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Step;
import io.direktiv.engine.Wake;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.json.Json;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Starter.class);
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final Collaborators with;
  private final Workers workers;
  private final Runner runner;
  private final Runner.Hands hands;
  private final AtomicInteger underWay = new AtomicInteger();

  Starter(Collaborators with, Workers workers, Runner runner, Runner.Hands hands) {
    this.with = with;
    this.workers = workers;
    this.runner = runner;
    this.hands = hands;
  }

  /// Begins an instance; completes with its record when it is on disk, and fails with
  /// [ConflictException] when the start key was used.
  CompletableFuture<Instance> begin(Beginning beginning) {
    if (runner.busy() > Limits.BUSY_INSTANCES_MAX) {
      return CompletableFuture.failedFuture(
          new OverloadException(
              "more than " + Limits.BUSY_INSTANCES_MAX + " instances are busy; try again later"));
    }
    if (underWay.incrementAndGet() > Limits.STARTS_MAX) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          new OverloadException(
              "more than " + Limits.STARTS_MAX + " starts are under way; try again later"));
    }
    CompletableFuture<Instance> done = new CompletableFuture<>();
    decideLater(beginning, done, Limits.ID_DRAWS);
    return done.whenComplete((_, _) -> underWay.decrementAndGet());
  }

  private void decideLater(Beginning beginning, CompletableFuture<Instance> done, int draws) {
    try {
      String namespace = beginning.workflow().record().namespace();
      workers.decide(namespace, () -> decide(beginning, done, draws));
    } catch (RejectedExecutionException _) {
      done.completeExceptionally(OverloadException.stopping());
    }
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
      commit(new Begun(beginning, after, step, changes, draws), done);
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  /// A decided start that is being written.
  private record Begun(
      Beginning beginning, Instance instance, Step step, List<Change> changes, int draws) {}

  private void commit(Begun begun, CompletableFuture<Instance> done) {
    with.store()
        .commit(begun.changes)
        .whenComplete((_, failure) -> {
          try {
            workers.follow(() -> committed(begun, done, failure));
          } catch (RejectedExecutionException _) {
            complete(begun, done, failure);
          }
        });
  }

  private void committed(Begun begun, CompletableFuture<Instance> done, Throwable failure) {
    if (failure == null) {
      written(begun, done);
    } else {
      failed(begun, done, PatientWriter.cause(failure));
    }
  }

  /// The server stops, so what follows is left to the next one; the start itself is told.
  private static void complete(Begun begun, CompletableFuture<Instance> done, Throwable failure) {
    if (failure == null) {
      done.complete(begun.instance);
    } else {
      done.completeExceptionally(OverloadException.stopping());
    }
  }

  private Step first(Beginning beginning, Instance begun, Wake wake) {
    try {
      return with.engine()
          .step(beginning.workflow().definition(), begun, wake, runner.variables(begun))
          .orElseThrow();
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue(INSTANCE, begun.id()).setCause(e).log("instance crashed");
      return Runner.crash(begun, wake.at());
    }
  }

  private void written(Begun begun, CompletableFuture<Instance> done) {
    Instance instance = begun.instance;
    runner.remember(instance);
    hands.perform(instance, begun.step.effects());
    hands.changed(instance, begun.step.logs());
    if (begun.step.isYielded() && instance.ending().isEmpty()) {
      runner.wake(instance.id(), new Wake.Continued(with.clock().instant()));
    }
    done.complete(instance);
  }

  private void failed(Begun begun, CompletableFuture<Instance> done, Throwable cause) {
    try {
      if (begun.draws > 1 && isTakenId(begun.instance.id(), cause)) {
        decideLater(begun.beginning, done, begun.draws - 1);
      } else if (cause instanceof ConflictException
          && Recorder.dropKnownEvents(with.store(), begun.changes)) {
        commit(begun, done);
      } else {
        done.completeExceptionally(cause);
      }
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private static boolean isTakenId(InstanceId id, Throwable cause) {
    return cause instanceof ConflictException conflict
        && conflict.kind() == ConflictException.Kind.EXISTS
        && cause.getMessage().startsWith("instance '" + id);
  }
}
