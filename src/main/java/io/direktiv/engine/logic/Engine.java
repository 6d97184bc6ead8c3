package io.direktiv.engine.logic;

import io.direktiv.engine.ActionCall;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.ListenerId;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Step;
import io.direktiv.engine.TimerId;
import io.direktiv.engine.Variables;
import io.direktiv.engine.Visit;
import io.direktiv.engine.Wake;
import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.Expression;
import io.direktiv.model.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The step function. Immutable and safe to share between threads.
///
/// A step takes the wake to the current state's logic and then runs *through* states until one
/// waits, the instance ends, or [EngineSettings#statesPerStepMax] states were passed. Everything on
/// the way is collected in a [Turn]; nothing outside is touched.
///
/// It is not final so that the simulation can plant a defect in it.
public class Engine {
  private static final String INTERRUPT = "interrupt";
  private static final String KILL = "kill";

  private final EngineSettings settings;

  /// An engine that decides within `settings`.
  public Engine(EngineSettings settings) {
    this.settings = settings;
  }

  /// The record of an instance that has not yet run; wake it with [Wake.Continued].
  ///
  /// @param input what the client sent; anything but an object is wrapped as `{"input": …}`
  public Instance begin(
      InstanceId id, String workflow, int revision, Invoker invoker, Json input, Instant at) {
    JsonObject data = input instanceof JsonObject object ? object : JsonObject.of("input", input);
    return new Instance(
        id,
        workflow,
        revision,
        invoker,
        data,
        at,
        0,
        "",
        0,
        List.of(),
        data,
        0,
        at,
        new Activity.Ready(),
        Optional.empty(),
        Optional.empty());
  }

  /// Decides what `instance` does about `wake`; empty when the wake changes nothing (stale,
  /// repeated).
  public Optional<Step> step(
      Workflow definition, Instance instance, Wake wake, Variables variables) {
    if (instance.ending().isPresent()) {
      return Optional.empty();
    }
    Turn turn = new Turn(settings, definition, variables, instance, wake.at());
    return switch (wake) {
      case Wake.Continued _ -> continued(turn);
      case Wake.TimerFired(Instant _, TimerId timer) -> fired(turn, timer);
      case Wake.ActionFinished finished -> finished(turn, finished);
      case Wake.EventReceived(Instant _, ListenerId listener, List<Integer> fits, var event) ->
          received(turn, listener, fits, event);
      case Wake.CancelRequested(Instant _, WorkflowError error) ->
          Optional.of(cancelled(turn, error));
    };
  }

  /// The call of an action that was begun and has not answered, rebuilt after a restart.
  public Optional<ActionCall> pendingCall(Workflow definition, Instance instance, ActionId action) {
    boolean isCurrent =
        instance.activity() instanceof Activity.Acting acting
            && action.step() == instance.step()
            && action.branch() < acting.branches().size()
            && acting.branches().get(action.branch()).isStarted()
            && acting.branches().get(action.branch()).outcome().isEmpty();
    if (!isCurrent) {
      return Optional.empty();
    }
    Activity.Branch branch =
        ((Activity.Acting) instance.activity()).branches().get(action.branch());
    return definition
        .state(instance.stateId())
        .flatMap(state ->
            Calls.of(
                definition,
                instance,
                state,
                action.branch(),
                branch.data().orElse(instance.data())));
  }

  // ---- wakes ----

  private Optional<Step> continued(Turn turn) {
    if (!(turn.instance().activity() instanceof Activity.Ready)) {
      return Optional.empty();
    }
    if (turn.step() == 0) {
      turn.log(Messages.beginning(turn.instance().invoker()));
      setTimeouts(turn);
      turn.enter(turn.definition().firstState().id(), turn.data(), 1);
    }
    return Optional.of(run(turn, 0));
  }

  private static void setTimeouts(Turn turn) {
    InstanceTimers.of(turn)
        .forEach(
            (timer, duration) -> turn.add(new Effect.SetTimer(timer, duration.after(turn.at()))));
  }

  private Optional<Step> fired(Turn turn, TimerId timer) {
    Activity activity = turn.instance().activity();
    String here = ":" + turn.step();
    return switch (timer.name()) {
      case INTERRUPT -> Optional.of(fail(turn, softTimeout()));
      case KILL -> {
        Failure hard = Failure.uncatchable(Codes.TIMEOUT_HARD, "workflow timed out");
        yield Optional.of(fail(turn, hard));
      }
      case String name when name.equals("delay" + here) && activity instanceof Activity.Sleeping ->
          Optional.of(decide(turn, Logic.of(turn.state())::woken));
      case String name
          when name.equals("retry" + here) && activity instanceof Activity.Retrying -> {
        turn.log("Retrying failed state.");
        turn.enter(turn.instance().stateId(), turn.data(), turn.instance().attempt() + 1);
        yield Optional.of(run(turn, 0));
      }
      case String name when name.equals("timeout" + here) && isWaiting(activity) ->
          Optional.of(fail(turn, softTimeout()));
      default -> Optional.empty();
    };
  }

  private static Failure softTimeout() {
    return Failure.catchable(Codes.TIMEOUT_SOFT, "operation timed out");
  }

  private static boolean isWaiting(Activity activity) {
    return activity instanceof Activity.Acting || activity instanceof Activity.Listening;
  }

  private Optional<Step> finished(Turn turn, Wake.ActionFinished finished) {
    ActionId action = finished.action();
    Outcome outcome = finished.outcome();
    boolean isExpected =
        turn.instance().activity() instanceof Activity.Acting acting
            && action.step() == turn.step()
            && action.branch() < acting.branches().size()
            && acting.branches().get(action.branch()).isStarted()
            && acting.branches().get(action.branch()).outcome().isEmpty();
    if (!isExpected) {
      return Optional.empty();
    }
    Activity.Acting acting = (Activity.Acting) turn.instance().activity();
    finished.variables().forEach(turn::setVariable);
    if (outcome instanceof Outcome.Failed) {
      turn.setActivity(Branches.answered(acting, action.branch(), outcome));
    }
    return Optional.of(
        decide(turn, t -> Logic.of(t.state()).finished(t, acting, action.branch(), outcome)));
  }

  private Optional<Step> received(
      Turn turn, ListenerId listener, List<Integer> fits, CloudEvent event) {
    boolean isExpected =
        turn.instance().activity() instanceof Activity.Listening listening
            && listener.step() == turn.step()
            && !fits.isEmpty()
            && fits.stream().allMatch(fit -> fit >= 0 && fit < listening.filters().size())
            && !hasReceived(listening, event);
    if (!isExpected) {
      return Optional.empty();
    }
    Activity.Listening listening = (Activity.Listening) turn.instance().activity();
    return Optional.of(decide(turn, t -> Logic.of(t.state()).received(t, listening, fits, event)));
  }

  /// An event that is delivered again after a crash must not fill a second place.
  private static boolean hasReceived(Activity.Listening listening, CloudEvent event) {
    return listening.received().stream()
        .flatMap(Optional::stream)
        .anyMatch(known -> known.id().equals(event.id()) && known.source().equals(event.source()));
  }

  private Step cancelled(Turn turn, WorkflowError error) {
    release(turn);
    if (turn.step() > 0) {
      turn.visited(Visit.Result.CANCELLED, Optional.empty(), Optional.of(error), Optional.empty());
    }
    turn.logError("Workflow " + error.message() + ".");
    end(turn, turn.data(), Status.CANCELLED, Optional.empty(), Optional.of(error));
    return turn.toStep(true, false);
  }

  // ---- running through states ----

  private interface Choice {
    Decision make(Turn turn);
  }

  /// Takes a decision of a waiting state and goes on from it.
  private Step decide(Turn turn, Choice choice) {
    try {
      Decision decision = choice.make(turn);
      if (decision instanceof Decision.AwaitMore(Activity.Acting acting)) {
        turn.setActivity(acting);
        return turn.toStep(false, false);
      }
      boolean isStillWaiting =
          decision instanceof Decision.Await(Activity after)
              && after.getClass() == turn.instance().activity().getClass();
      if (!isStillWaiting) {
        leaveActivity(turn, decision);
      }
      return apply(turn, decision) ? run(turn, 1) : turn.toStep(true, false);
    } catch (StateFailure e) {
      return fail(turn, e.failure());
    }
  }

  /// Frees what the state waited with, when it waits no more or for something else.
  private static void leaveActivity(Turn turn, Decision decision) {
    if (turn.instance().activity() instanceof Activity.Listening) {
      turn.add(new Effect.StopListening(new ListenerId(turn.instance().id(), turn.step())));
    }
    boolean isDone = decision instanceof Decision.Go;
    if (isDone && Logic.of(turn.state()).timeout().isPresent()) {
      turn.clearTimer("timeout");
    }
  }

  private Step run(Turn turn, int passed) {
    int states = passed;
    while (turn.instance().ending().isEmpty()) {
      if (states >= settings.statesPerStepMax()) {
        return turn.toStep(true, true);
      }
      states++;
      boolean isGoingOn;
      try {
        isGoingOn = apply(turn, enter(turn));
      } catch (StateFailure e) {
        isGoingOn = handle(turn, e.failure());
      }
      if (!isGoingOn) {
        return turn.toStep(true, false);
      }
    }
    return turn.toStep(true, false);
  }

  private static Decision enter(Turn turn) {
    int most = turn.settings().statesMax();
    if (turn.step() > most) {
      throw new StateFailure(
          Failure.uncatchable(
              Codes.STATES,
              "the instance has entered more than "
                  + most
                  + " states; end its loop, or let each round be a workflow of its own"));
    }
    var state = turn.state();
    turn.log(
        "Running state logic -- " + state.id() + ":" + turn.step() + " (" + state.type() + ")");
    if (state.base().log().isPresent()) {
      turn.logValue(turn.expressions().one(state.base().log().get(), turn.data()));
    }
    Logic logic = Logic.of(state);
    Decision decision = logic.enter(turn);
    if (decision instanceof Decision.Await && logic.timeout().isPresent()) {
      turn.setTimer("timeout", logic.timeout().get().after(turn.at()));
    }
    return decision;
  }

  /// Applies a decision.
  ///
  /// @return true when there is a next state to run
  private boolean apply(Turn turn, Decision decision) {
    return switch (decision) {
      case Decision.Await(Activity activity) -> {
        turn.setActivity(activity);
        yield false;
      }
      case Decision.AwaitMore(Activity.Acting acting) -> {
        turn.setActivity(acting);
        yield false;
      }
      case Decision.Go(JsonObject data, Optional<Expression> transform, Optional<String> next) ->
          leave(turn, transformed(turn, data, transform), next);
    };
  }

  private JsonObject transformed(Turn turn, JsonObject data, Optional<Expression> transform) {
    if (transform.isEmpty() || Messages.isIdentity(transform.get())) {
      return bounded(turn, data);
    }
    turn.log("Transforming state data.");
    try {
      return bounded(turn, turn.expressions().object(transform.get(), data));
    } catch (StateFailure e) {
      Failure failure = e.failure();
      throw new StateFailure(
          new Failure(
              new WorkflowError(
                  failure.error().code(),
                  "unable to apply transform: " + failure.error().message()),
              failure.kind()));
    }
  }

  private JsonObject bounded(Turn turn, JsonObject data) {
    if (data == turn.data()) {
      return data;
    }
    long bytes = data.toBytes().length;
    if (bytes > settings.dataBytesMax()) {
      throw StateFailure.catchable(
          Codes.DATA_SIZE,
          "the state data has "
              + bytes
              + " bytes, but the limit is "
              + settings.dataBytesMax()
              + "; keep large values in variables");
    }
    return data;
  }

  private boolean leave(Turn turn, JsonObject data, Optional<String> next) {
    turn.visited(Visit.Result.PASSED, remembered(turn, data), Optional.empty(), next);
    return transition(turn, data, next);
  }

  private Optional<Json> remembered(Turn turn, JsonObject data) {
    boolean isKept =
        settings.historyBytesMax() > 0
            && data != turn.data()
            && data.toBytes().length <= settings.historyBytesMax();
    return isKept ? Optional.of(data) : Optional.empty();
  }

  private static boolean transition(Turn turn, JsonObject data, Optional<String> next) {
    if (next.isPresent()) {
      turn.log("Transitioning to next state: " + next.get() + " (" + (turn.step() + 1) + ").");
      turn.enter(next.get(), data, 1);
      return true;
    }
    complete(turn, data);
    return false;
  }

  // ---- ends ----

  private static void complete(Turn turn, JsonObject data) {
    Optional<WorkflowError> raised = turn.instance().raised();
    if (raised.isPresent()) {
      turn.logError(
          "Workflow failed with error '" + raised.get().code() + "': " + raised.get().message());
      end(turn, data, Status.FAILED, Optional.of(data), raised);
    } else {
      turn.log("Workflow completed.");
      end(turn, data, Status.COMPLETE, Optional.of(data), Optional.empty());
    }
  }

  private static void end(
      Turn turn,
      JsonObject data,
      Status status,
      Optional<Json> output,
      Optional<WorkflowError> error) {
    InstanceTimers.of(turn).keySet().forEach(timer -> turn.add(new Effect.ClearTimer(timer)));
    boolean isAwaited =
        turn.instance().invoker() instanceof Invoker.Subflow subflow && subflow.isAwaited();
    if (isAwaited) {
      turn.log(
          status == Status.COMPLETE
              ? "Reporting results to calling workflow."
              : "Reporting failure to calling workflow.");
    }
    turn.setEnding(data, new Instance.Ending(status, turn.at(), output, error));
  }

  /// Frees what the current state waits with.
  private static void release(Turn turn) {
    switch (turn.instance().activity()) {
      case Activity.Ready _ -> {
        return;
      }
      case Activity.Sleeping _ -> turn.clearTimer("delay");
      case Activity.Retrying _ -> turn.clearTimer("retry");
      case Activity.Acting acting -> turn.cancelRunning(acting);
      case Activity.Listening _ ->
          turn.add(new Effect.StopListening(new ListenerId(turn.instance().id(), turn.step())));
    }
    if (isWaiting(turn.instance().activity()) && Logic.of(turn.state()).timeout().isPresent()) {
      turn.clearTimer("timeout");
    }
  }

  // ---- failures ----

  private Step fail(Turn turn, Failure failure) {
    return handle(turn, failure) ? run(turn, 1) : turn.toStep(true, false);
  }

  /// Decides what becomes of a failure of the current state.
  ///
  /// @return true when there is a next state to run
  private boolean handle(Turn turn, Failure failure) {
    release(turn);
    turn.setActivity(new Activity.Ready());
    if (turn.step() == 0) {
      uncaught(turn, failure);
      return false;
    }
    return switch (failure.kind()) {
      case CATCHABLE -> Catching.handle(turn, failure.error(), this::caught);
      case UNCATCHABLE, INTERNAL -> {
        uncaught(turn, failure);
        yield false;
      }
    };
  }

  private boolean caught(Turn turn, WorkflowError error, Optional<String> next) {
    JsonObject data =
        turn.data()
            .with(
                "error",
                JsonObject.builder().put("code", error.code()).put("msg", error.message()).build());
    try {
      bounded(turn, data);
    } catch (StateFailure tooLarge) {
      uncaught(turn, tooLarge.failure());
      return false;
    }
    turn.visited(Visit.Result.CAUGHT, remembered(turn, data), Optional.of(error), next);
    return transition(turn, data, next);
  }

  /// Ends the instance with a failure that nothing caught.
  static void uncaught(Turn turn, Failure failure) {
    WorkflowError error = failure.error();
    if (turn.step() > 0) {
      turn.visited(Visit.Result.FAILED, Optional.empty(), Optional.of(error), Optional.empty());
    }
    turn.logError(
        switch (failure.kind()) {
          case CATCHABLE ->
              "Workflow failed with uncaught error '" + error.code() + "': " + error.message();
          case UNCATCHABLE -> "Workflow failed with uncatchable error: " + error.message();
          case INTERNAL -> "Workflow crashed due to an internal error.";
        });
    boolean isCrash = failure.kind() == Failure.Kind.INTERNAL;
    Optional<WorkflowError> shown =
        turn.instance()
            .raised()
            .or(() ->
                Optional.of(
                    isCrash
                        ? new WorkflowError(Codes.INTERNAL, "an internal error occurred")
                        : error));
    end(turn, turn.data(), isCrash ? Status.CRASHED : Status.FAILED, Optional.empty(), shown);
  }
}
