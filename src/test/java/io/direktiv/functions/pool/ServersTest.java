package io.direktiv.functions.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Codes;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Exit;
import io.direktiv.functions.FunctionCall;
import io.direktiv.model.FunctionDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of the sandboxes of functions that listen, between their calls.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServersTest extends ServedCalls {
  @Test
  void oneSandboxServesManyCalls() {
    // given
    start(PATIENT, (_, _) -> "7");

    // then
    for (int i = 0; i < 5; i++) {
      assertThat(outcome(call())).isEqualTo(returned(7));
    }
    assertThat(runtime.made).hasSize(1);
    assertThat(runtime.made.getFirst().end).isNotDone();
  }

  @Test
  void aFullSandboxGetsNoMoreAndAnotherIsMade() {
    // given
    CyclicBarrier allAtWork = new CyclicBarrier(5);
    start(
        PATIENT,
        (_, _) -> {
          allAtWork.await();
          return "1";
        });

    // when
    List<CompletableFuture<Outcome>> calls =
        java.util.stream.IntStream.range(0, 5).mapToObj(_ -> begun(call())).toList();

    // then
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(returned(1)));
    assertThat(runtime.made).hasSize(3);
  }

  @Test
  void nothingIsSharedBetweenNamespacesWorkflowsOrFunctions() {
    // given
    start(PATIENT, (_, _) -> "1");

    // when
    outcome(call("ns", "flow", function("f", 0)));
    outcome(call("other", "flow", function("f", 0)));
    outcome(call("ns", "other", function("f", 0)));
    outcome(call("ns", "flow", function("g", 0)));

    // then
    assertThat(runtime.made).hasSize(4);
    assertThat(runtime.made)
        .extracting(box -> box.sandbox.namespace())
        .containsExactly("ns", "other", "ns", "ns");
  }

  @Test
  void aNewImageBehindTheSameNameReplacesTheSandbox() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    outcome(call());

    // when
    runtime.image = "2";
    outcome(call());

    // then
    assertThat(runtime.made).hasSize(2);
    runtime.made.getFirst().end.get();
    assertThat(runtime.made.getLast().end).isNotDone();
  }

  @Test
  void whatNobodyCallsIsEnded() throws Exception {
    // given
    start(new PoolSettings(2, 4, SHORT, LONG, SHORT, true), (_, _) -> "1");

    // when
    outcome(call());

    // then
    runtime.made.getFirst().end.get();
    assertThat(outcome(call())).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(2);
  }

  @Test
  void whatWaitsIsFrozenAndGoesOnForTheNextCall() throws Exception {
    // given
    start(new PoolSettings(2, 4, LONG, SHORT, SHORT, true), (_, _) -> "1");
    outcome(call());
    ListeningRuntime.Box box = runtime.made.getFirst();

    // when
    await(() -> box.frozen.equals(List.of(true)));
    outcome(call());

    // then
    assertThat(box.frozen).startsWith(true, false);
    assertThat(runtime.made).hasSize(1);
  }

  @Test
  void whenTooManyWaitTheOneThatWaitedLongestIsEnded() throws Exception {
    // given
    start(new PoolSettings(1, 2, LONG, LONG, SHORT, true), (_, _) -> "1");

    // when
    for (String name : List.of("a", "b", "a", "c")) {
      outcome(call("ns", "flow", function(name, 0)));
    }

    // then
    runtime.made.get(1).end.get();
    assertThat(runtime.made.get(0).end).isNotDone();
    assertThat(runtime.made.get(2).end).isNotDone();
  }

  @Test
  void withoutWaitingSandboxesEachCallHasItsOwnAndLeavesNothing() {
    // given
    CyclicBarrier bothAtWork = new CyclicBarrier(2);
    start(
        new PoolSettings(10, 0, LONG, LONG, SHORT, true),
        (_, _) -> {
          bothAtWork.await();
          return "1";
        });

    // when
    CompletableFuture<Outcome> other = begun(call());
    outcome(call());
    other.join();

    // then
    assertThat(runtime.made).hasSize(2).allSatisfy(box -> assertThat(box.end).isDone());
  }

  @Test
  void aSandboxThatEndedWhileItWaitedIsNoFailureOfTheNextCall() {
    // given
    start(PATIENT, (_, _) -> "1");
    outcome(call());

    // when
    runtime.made.getFirst().end(new Exit.Exited(3));

    // then
    assertThat(outcome(call())).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(2);
  }

  @Test
  void aSandboxThatTakesNoCallsAnyMoreIsReplaced() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    outcome(call());

    // when
    runtime.made.getFirst().stopListening();

    // then
    assertThat(outcome(call())).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(2);
    runtime.made.getFirst().end.get();
  }

  @Test
  void aSandboxThatEndsAtWorkFailsItsCallsAndNoOthers() {
    // given
    start(
        PATIENT,
        (box, request) -> {
          if (request.contains(":1:0")) {
            box.end(new Exit.OutOfMemory(256L << 20));
            throw new IllegalStateException("it has ended");
          }
          return "1";
        });

    // then
    assertFailed(outcome(call()), Codes.FUNCTION_MEMORY);
    assertThat(outcome(call())).isEqualTo(returned(1));
  }

  @Test
  void aCallThatIsGivenUpCostsItsSandboxOnceTheOthersHaveTheirAnswers() throws Exception {
    // given
    CountDownLatch answer = new CountDownLatch(1);
    start(
        PATIENT,
        (_, request) -> {
          if (request.contains(":1:0")) {
            new CountDownLatch(1).await();
          } else {
            answer.await();
          }
          return "1";
        });
    FunctionCall lost = call();
    FunctionCall timed =
        new FunctionCall(
            lost.id(),
            lost.namespace(),
            lost.function(),
            lost.input(),
            Optional.of(Duration.ofMillis(300)),
            lost.variables());
    CompletableFuture<Outcome> other = begun(call());

    // when
    Outcome outcome = outcome(timed);

    // then
    assertFailed(outcome, Codes.FUNCTION_TIMEOUT);
    assertThat(runtime.made).hasSize(1);
    assertThat(runtime.made.getFirst().end).isNotDone();
    answer.countDown();
    assertThat(other.join()).isEqualTo(returned(1));
    runtime.made.getFirst().end.get();
  }

  @Test
  void aCancelledCallIsAskedToGiveUpAndItsSandboxStaysWhenItDoes() throws Exception {
    // given
    CountDownLatch isTold = new CountDownLatch(1);
    CountDownLatch isAtWork = new CountDownLatch(1);
    start(
        PATIENT,
        (_, request) -> {
          if (request.startsWith("DELETE")) {
            isTold.countDown();
          } else {
            isAtWork.countDown();
            isTold.await();
          }
          return "1";
        });
    FunctionCall call = call();
    CompletableFuture<Outcome> outcome = begun(call);
    isAtWork.await();

    // when
    functions.cancel(call.id());

    // then
    assertThat(outcome.join()).isEqualTo(returned(1));
    assertThat(outcome(call())).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(1);
  }

  @Test
  void outputGoesToTheCallAndWhatNobodyHeardToTheNextOne() {
    // given
    start(
        PATIENT,
        (box, request) -> {
          box.print(request.contains(":1:0") ? "of the first" : "of the second");
          return "1";
        });
    List<LogLine> first = new CopyOnWriteArrayList<>();
    List<LogLine> second = new CopyOnWriteArrayList<>();

    // when
    functions.call(call(), first::add);
    for (int i = 0; i < 101; i++) {
      runtime.made.getFirst().print("between " + i);
    }
    functions.call(call(), second::add);

    // then
    assertThat(first).extracting(LogLine::message).containsExactly("of the first");
    assertThat(second).hasSize(101);
    assertThat(second.getFirst().message()).isEqualTo("between 1");
    assertThat(second.getLast().message()).isEqualTo("of the second");
  }

  private void announce(FunctionDefinition... now) {
    functions.announce("ns", "flow", List.of(now));
  }

  @Test
  void asManyAsAWorkflowAsksForAreReadyBeforeTheFirstCallAndAgainAfterACrash() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    FunctionDefinition wanted = function("f", 2);

    // when
    announce(wanted, function("g", 0));
    runtime.madeCount.acquire(2);

    // then
    assertThat(outcome(call("ns", "flow", wanted))).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(2);
    runtime.made.getFirst().end(new Exit.Exited(1));
    runtime.madeCount.acquire();
    assertThat(runtime.made).hasSize(3);
  }

  @Test
  void whatIsKeptReadyIsNotEndedForWantOfCalls() throws Exception {
    // given
    start(new PoolSettings(1, 4, SHORT, LONG, SHORT, true), (_, _) -> "1");
    FunctionDefinition wanted = function("f", 1);
    announce(wanted);
    runtime.madeCount.acquire();
    ListeningRuntime.Box kept = runtime.made.getFirst();

    // when
    outcome(call());
    ListeningRuntime.Box other = runtime.made.getLast();
    other.end.get();

    // then
    assertThat(kept.end).isNotDone();
    assertThat(outcome(call("ns", "flow", wanted))).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(2);
  }

  @Test
  void whatEndsAgainAndAgainIsMadeAgainEverMoreSlowly() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    runtime.isBroken = true;

    // when
    announce(function("f", 1));
    runtime.madeCount.acquire(4);

    // then
    List<Long> gaps = new java.util.ArrayList<>();
    for (int i = 1; i < 4; i++) {
      gaps.add(runtime.made.get(i).madeAtNanos - runtime.made.get(i - 1).madeAtNanos);
    }
    assertThat(gaps.get(0)).isGreaterThanOrEqualTo(SHORT.toNanos());
    assertThat(gaps.get(1)).isGreaterThanOrEqualTo(SHORT.toNanos() * 2);
    assertThat(gaps.get(2)).isGreaterThanOrEqualTo(SHORT.toNanos() * 4);
  }

  @Test
  void anImageThatMovesReplacesWhatIsKeptReady() throws Exception {
    // given
    start(new PoolSettings(2, 4, SHORT, LONG, SHORT, true), (_, _) -> "1");
    announce(function("f", 1));
    runtime.madeCount.acquire();

    // when
    runtime.image = "2";

    // then
    runtime.made.getFirst().end.get();
    runtime.madeCount.acquire();
    assertThat(runtime.made.getLast().end).isNotDone();
  }

  @Test
  void aLookThatTakesLongMakesNothingForAWorkflowThatIsGoneByThen() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    CountDownLatch isLooking = new CountDownLatch(1);
    CountDownLatch look = new CountDownLatch(1);
    runtime.look =
        () -> {
          isLooking.countDown();
          look.await();
          return null;
        };

    // when
    announce(function("f", 1));
    isLooking.await();
    announce();
    look.countDown();
    announce(function("g", 1));
    runtime.madeCount.acquire();

    // then
    assertThat(runtime.made).hasSize(1);
    assertThat(outcome(call("ns", "flow", function("g", 1)))).isEqualTo(returned(1));
    assertThat(runtime.made).hasSize(1);
  }

  @Test
  void whatAWorkflowNoLongerHasIsEndedAtOnce() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    FunctionDefinition kept = function("kept", 1);
    announce(kept, function("called", 0));
    runtime.madeCount.acquire();
    outcome(call("ns", "flow", function("called", 0)));

    // when
    announce(kept);

    // then
    runtime.made.getLast().end.get();
    assertThat(runtime.made.getFirst().end).isNotDone();
    announce();
    runtime.made.getFirst().end.get();
    assertThat(runtime.made).hasSize(2);
  }

  @Test
  void closingEndsWhatWaits() throws Exception {
    // given
    start(PATIENT, (_, _) -> "1");
    outcome(call());

    // when
    functions.close();

    // then
    runtime.made.getFirst().end.get();
    assertFailed(outcome(call()), Codes.FUNCTION_UNAVAILABLE);
  }
}
