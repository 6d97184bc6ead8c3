package io.direktiv.execution;

import static io.direktiv.telemetry.Keys.INSTANCE;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Status;
import io.direktiv.engine.Step;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.execution.cache.DefinitionCache;
import io.direktiv.execution.cache.JsonSize;
import io.direktiv.execution.cache.WeightedCache;
import io.direktiv.execution.work.Workers;
import io.direktiv.json.JsonObject;
import io.direktiv.model.VariableScope;
import io.direktiv.model.Workflow;
import io.direktiv.store.Change;
import io.direktiv.store.ConflictException;
import io.direktiv.store.StoreException;
import io.direktiv.store.VariableRecord;
import io.direktiv.store.WorkflowRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs instances that have begun: one mailbox for each that has something to do.
///
/// ```
///   idle ──wake──▶ queued ──pool thread──▶ deciding ──commit──▶ writing ──on disk──▶ effects ─┐
///     ▲                                                                                       │
///     └───────────────── no wakes left ◀──────────────────────────────────────────────────────┘
/// ```
///
/// While a commit is being written further wakes gather, and the next visit decides them together
/// in one commit. A mailbox is only ever in one of these states, so an instance has one writer.
final class Runner {
  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  /// About what an instance takes in memory beside its data, and a branch beside its input.
  private static final long INSTANCE_BYTES = 1_000;

  private static final long BRANCH_BYTES = 100;

  /// Performs what a committed step wants, and hears of ends.
  interface Hands {
    void perform(Instance instance, List<Effect> effects);

    void changed(Instance instance, List<LogLine> logs);

    /// False while too many events of the namespace wait to be delivered.
    boolean takesEvents(String namespace);
  }

  private record Letter(Wake wake, CompletableFuture<Boolean> handled) {}

  /// State data and what it takes in memory, so that it is not measured again at each answer.
  private record Weighed(JsonObject data, long bytes) {}

  private record Idle(Instance instance, Weighed weighed) {}

  private static final class Mailbox {
    final InstanceId id;
    final ArrayDeque<Letter> letters = new ArrayDeque<>();
    boolean isBusy;
    int failures;
    Optional<Instance> cached = Optional.empty();
    Optional<Weighed> weighed = Optional.empty();

    Mailbox(InstanceId id) {
      this.id = id;
    }
  }

  private final Collaborators with;
  private final DefinitionCache definitions;
  private final Workers workers;
  private final Hands hands;
  private final Map<InstanceId, Mailbox> mailboxes = new ConcurrentHashMap<>();
  private final WeightedCache<InstanceId, Idle> idle =
      new WeightedCache<>(Limits.CACHED_INSTANCES_BYTES);

  Runner(Collaborators with, DefinitionCache definitions, Workers workers, Hands hands) {
    this.with = with;
    this.definitions = definitions;
    this.workers = workers;
    this.hands = hands;
  }

  /// How many instances have something to do.
  int busy() {
    return mailboxes.size();
  }

  /// True when the instance has something to do.
  boolean isBusy(InstanceId id) {
    return mailboxes.containsKey(id);
  }

  /// Tells those who wait for wakes that they are not handled any more by this server.
  void stop(RuntimeException reason) {
    mailboxes
        .values()
        .forEach(box -> take(box).forEach(letter -> letter.handled.completeExceptionally(reason)));
  }

  /// Hands a wake to an instance.
  ///
  /// @return completes with true when it changed the instance and that is on disk, with false when
  ///   it changed nothing
  CompletableFuture<Boolean> wake(InstanceId id, Wake wake) {
    Letter letter = new Letter(wake, new CompletableFuture<>());
    mailboxes.compute(
        id,
        (_, present) -> {
          Mailbox box = present == null ? new Mailbox(id) : present;
          box.letters.add(letter);
          schedule(box);
          return box;
        });
    return letter.handled;
  }

  private void schedule(Mailbox box) {
    if (!box.isBusy) {
      box.isBusy = true;
      try {
        workers.decide(box.id.namespace(), () -> visit(box));
      } catch (RejectedExecutionException _) {
        box.letters.forEach(
            letter -> letter.handled.completeExceptionally(OverloadException.stopping()));
        box.letters.clear();
      }
    }
  }

  /// Remembers an instance that was just begun and waits, so that its next wake finds it in memory.
  void remember(Instance instance) {
    if (instance.ending().isEmpty()) {
      remember(instance, Optional.empty());
    }
  }

  private void remember(Instance instance, Optional<Weighed> known) {
    int branches =
        instance.activity() instanceof Activity.Acting acting ? acting.branches().size() : 0;
    long most = branches > 1 ? Limits.CACHED_FAN_OUT_BYTES_MAX : Limits.CACHED_INSTANCE_BYTES_MAX;
    Weighed weighed =
        known
            .filter(earlier -> earlier.data == instance.data())
            .orElseGet(() -> new Weighed(instance.data(), JsonSize.atLeast(instance.data(), most)));
    long bytes = INSTANCE_BYTES + weighed.bytes + (long) branches * BRANCH_BYTES;
    if (bytes <= most) {
      idle.put(instance.id(), new Idle(instance, weighed), bytes);
    }
  }

  /// Forgets what is in memory of a namespace's instances, or of one workflow's.
  void forget(String namespace, Optional<String> uid) {
    idle.removeIf(entry ->
        entry.getKey().namespace().equals(namespace)
            && uid.map(entry.getValue().instance.workflow()::equals).orElse(true));
  }

  private Optional<Instance> find(Mailbox box) {
    if (box.cached.isPresent()) {
      return box.cached;
    }
    Optional<Idle> remembered = idle.remove(box.id);
    box.weighed = remembered.map(Idle::weighed);
    return remembered.isPresent()
        ? remembered.map(Idle::instance)
        : with.store().instances().load(box.id);
  }

  /// What a visit has decided and not yet written.
  private static final class Draft {
    Instance instance;
    boolean isSaved;
    final List<Change> changes = new ArrayList<>();
    final List<Effect> effects = new ArrayList<>();
    final List<LogLine> logs = new ArrayList<>();
    final List<Letter> letters = new ArrayList<>();
    final List<Letter> fruitless = new ArrayList<>();
    final Set<TimerId> fired = new HashSet<>();
    boolean isYielded;

    /// Tells who sent the wakes what became of them.
    void answer(boolean isWritten) {
      letters.forEach(letter -> {
        if (isWritten) {
          letter.handled.complete(true);
        } else {
          letter.handled.completeExceptionally(OverloadException.stopping());
        }
      });
      fruitless.forEach(letter -> letter.handled.complete(false));
    }
  }

  private void visit(Mailbox box) {
    List<Letter> letters = take(box);
    try {
      Optional<Instance> found = find(box);
      if (found.isEmpty()) {
        letters.forEach(letter -> letter.handled.complete(false));
        finish(box, Optional.empty());
        return;
      }
      Draft draft = new Draft();
      draft.instance = found.get();
      for (Letter letter : letters) {
        decide(draft, letter);
      }
      write(box, found.get(), draft);
    } catch (StoreException e) {
      LOG.atWarn().addKeyValue(INSTANCE, box.id).log("the store failed, {}", e.getMessage());
      later(box, letters);
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue(INSTANCE, box.id).setCause(e).log("instance could not be run");
      later(box, letters);
    }
  }

  private List<Letter> take(Mailbox box) {
    List<Letter> letters = new ArrayList<>();
    mailboxes.compute(
        box.id,
        (_, present) -> {
          letters.addAll(box.letters);
          box.letters.clear();
          return present;
        });
    return letters;
  }

  private void decide(Draft draft, Letter letter) {
    Optional<Step> step = isStale(draft, letter.wake) ? Optional.empty() : step(draft, letter.wake);
    if (step.isEmpty()) {
      draft.fruitless.add(letter);
      if (letter.wake instanceof Wake.TimerFired fired) {
        draft.changes.add(new Change.DeleteTimer(fired.timer()));
      }
      return;
    }
    draft.changes.addAll(Recorder.changes(draft.instance, step.get(), letter.wake));
    draft.instance = step.get().instance();
    draft.isSaved |= step.get().recorded();
    draft.effects.addAll(step.get().effects());
    draft.logs.addAll(step.get().logs());
    draft.isYielded = step.get().isYielded();
    draft.letters.add(letter);
  }

  /// True for a timer that has been dealt with: it may ring twice when it was read again from the
  /// store while its first ring was being decided.
  private boolean isStale(Draft draft, Wake wake) {
    return wake instanceof Wake.TimerFired(Instant _, TimerId timer)
        && (!draft.fired.add(timer) || !with.store().waits().hasTimer(timer));
  }

  /// Asks the engine; a bug there crashes the instance instead of the server.
  private Optional<Step> step(Draft draft, Wake wake) {
    Instance instance = draft.instance;
    Optional<Workflow> definition = definitions.revision(instance.workflow(), instance.revision());
    if (definition.isEmpty() || instance.ending().isPresent()) {
      return Optional.empty();
    }
    try {
      return with.engine()
          .step(definition.get(), instance, wake, variables(instance, draft.effects));
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue(INSTANCE, instance.id()).setCause(e).log("instance crashed");
      return Optional.of(crash(instance, wake.at()));
    }
  }

  /// The step of an instance that the engine could not decide.
  static Step crash(Instance instance, Instant at) {
    Instance crashed =
        new Instance(
            instance.id(),
            instance.workflow(),
            instance.revision(),
            instance.invoker(),
            instance.input(),
            instance.beganAt(),
            instance.sequence() + 1,
            instance.stateId(),
            instance.step(),
            instance.flow(),
            instance.data(),
            instance.attempt(),
            instance.enteredAt(),
            new Activity.Ready(),
            instance.raised(),
            Optional.of(
                new Instance.Ending(
                    Status.CRASHED,
                    at,
                    Optional.empty(),
                    Optional.of(new WorkflowError(Codes.INTERNAL, "an internal error occurred")))));
    LogLine line = LogLine.error(at, "Workflow crashed due to an internal error.");
    return new Step(crashed, true, List.of(), List.of(), List.of(line), false);
  }

  /// What an instance that has just begun sees around it.
  Variables variables(Instance instance) {
    return variables(instance, List.of());
  }

  /// @param decided effects that are not written yet, whose variables count already
  private Variables variables(Instance instance, List<Effect> decided) {
    return new Variables() {
      @Override
      public Optional<byte[]> read(VariableScope scope, String key) {
        for (Effect effect : decided.reversed()) {
          if (effect instanceof Effect.SetVariable own
              && own.scope() == scope
              && own.key().equals(key)) {
            return own.value();
          }
        }
        return with.store()
            .holdings()
            .variable(Recorder.owner(instance.id(), instance.workflow(), scope), key)
            .map(VariableRecord::value);
      }

      @Override
      public String logToEvents() {
        return with.store()
            .definitions()
            .workflow(instance.workflow())
            .map(WorkflowRecord::logToEvents)
            .orElse("");
      }

      @Override
      public boolean takesEvents() {
        return hands.takesEvents(instance.id().namespace());
      }
    };
  }

  private void write(Mailbox box, Instance before, Draft draft) {
    if (draft.isSaved) {
      draft.instance = Recorder.withSequence(draft.instance, before.sequence() + 1);
      draft.changes.addFirst(new Change.SaveInstance(draft.instance));
    } else {
      draft.instance = Recorder.withSequence(draft.instance, before.sequence());
    }
    if (draft.changes.isEmpty()) {
      draft.fruitless.forEach(letter -> letter.handled.complete(false));
      finish(box, Optional.of(draft.instance));
      return;
    }
    commit(box, draft);
  }

  private void commit(Mailbox box, Draft draft) {
    with.store()
        .commit(draft.changes)
        .whenComplete((_, failure) -> {
          try {
            workers.follow(() -> committed(box, draft, failure));
          } catch (RejectedExecutionException _) {
            draft.answer(failure == null);
          }
        });
  }

  private void committed(Mailbox box, Draft draft, Throwable failure) {
    if (failure == null) {
      written(box, draft);
    } else {
      failed(box, draft, PatientWriter.cause(failure));
    }
  }

  private void written(Mailbox box, Draft draft) {
    box.failures = 0;
    hands.perform(draft.instance, draft.effects);
    hands.changed(draft.instance, draft.logs);
    draft.answer(true);
    if (draft.isYielded && draft.instance.ending().isEmpty()) {
      wake(box.id, new Wake.Continued(with.clock().instant()));
    }
    finish(box, Optional.of(draft.instance));
  }

  private void failed(Mailbox box, Draft draft, Throwable cause) {
    List<Letter> letters = new ArrayList<>(draft.letters);
    letters.addAll(draft.fruitless);
    try {
      boolean isRepeatedEvent =
          cause instanceof ConflictException conflict
              && conflict.kind() == ConflictException.Kind.EXISTS
              && Recorder.dropKnownEvents(with.store(), draft.changes);
      if (isRepeatedEvent) {
        LOG.atWarn().addKeyValue(INSTANCE, box.id).log("an event with this source and id is known");
        commit(box, draft);
        return;
      }
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
    LOG.atWarn()
        .addKeyValue(INSTANCE, box.id)
        .log("a step could not be written, trying again: {}", cause.getMessage());
    later(box, letters);
  }

  /// Puts letters back and visits again after a while.
  private void later(Mailbox box, List<Letter> letters) {
    box.cached = Optional.empty();
    mailboxes.compute(
        box.id,
        (_, present) -> {
          for (Letter letter : letters.reversed()) {
            box.letters.addFirst(letter);
          }
          return present;
        });
    Duration delay = Limits.RETRY_DELAY.multipliedBy(1L << Math.min(box.failures++, 10));
    boolean isLong = delay.compareTo(Limits.RETRY_DELAY_MAX) > 0;
    workers.ringAt(
        with.clock().instant().plus(isLong ? Limits.RETRY_DELAY_MAX : delay),
        () -> workers.decide(box.id.namespace(), () -> visit(box)));
  }

  private void finish(Mailbox box, Optional<Instance> instance) {
    box.cached = instance.filter(i -> i.ending().isEmpty());
    mailboxes.compute(
        box.id,
        (_, present) -> {
          box.isBusy = false;
          if (!box.letters.isEmpty()) {
            schedule(box);
            return present;
          }
          box.cached.ifPresent(waiting -> remember(waiting, box.weighed));
          return null;
        });
  }
}
