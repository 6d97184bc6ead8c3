package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How places are shared between those who wait for one.
class FairGateTest {
  private static boolean isIn(FairGate.Ticket ticket) {
    return CompletableFuture.supplyAsync(ticket::await)
        .completeOnTimeout(false, 200, java.util.concurrent.TimeUnit.MILLISECONDS)
        .join();
  }

  @Test
  void letsNoMoreInThanItHasPlaces() {
    // given
    FairGate gate = new FairGate(1);

    // then
    assertThat(isIn(gate.draw("a"))).isTrue();
    FairGate.Ticket second = gate.draw("a");
    assertThat(isIn(second)).isFalse();
    gate.leave();
    assertThat(second.await()).isTrue();
  }

  @Test
  void letsNamespacesTakeTurns() {
    // given
    FairGate gate = new FairGate(1);
    gate.draw("busy");
    List<FairGate.Ticket> busy = List.of(gate.draw("busy"), gate.draw("busy"), gate.draw("busy"));
    FairGate.Ticket other = gate.draw("other");

    // when
    gate.leave();
    gate.leave();

    // then
    assertThat(busy.getFirst().await()).isTrue();
    assertThat(other.await()).isTrue();
    assertThat(isIn(busy.get(1))).isFalse();
  }

  @Test
  void forgetsATicketThatWasGivenUp() {
    // given
    FairGate gate = new FairGate(1);
    gate.draw("a");
    FairGate.Ticket given = gate.draw("a");
    FairGate.Ticket next = gate.draw("b");

    // when
    gate.giveUp(given);
    gate.leave();

    // then
    assertThat(given.await()).isFalse();
    assertThat(next.await()).isTrue();
    gate.leave();
    assertThat(gate.draw("c").await()).isTrue();
  }

  @Test
  void letsASingleCallInAfterOneTurnOfAForeachOfTenThousand() {
    // given
    FairGate gate = new FairGate(1);
    gate.draw("busy");
    List<FairGate.Ticket> foreach =
        IntStream.range(0, 10_000).mapToObj(_ -> gate.draw("busy")).toList();
    FairGate.Ticket single = gate.draw("other");

    // when
    gate.leave();
    gate.leave();

    // then
    assertThat(single.await()).isTrue();
    assertThat(foreach.stream().filter(FairGateTest::hasBeenDecided).count()).isEqualTo(1);
  }

  @Test
  void boundsHowManyOfEachNamespaceWait() {
    // given
    FairGate gate = new FairGate(1, 2);
    gate.draw("busy");
    FairGate.Ticket first = gate.draw("busy");
    gate.draw("busy");

    // when
    FairGate.Ticket refused = gate.draw("busy");
    FairGate.Ticket other = gate.draw("other");

    // then
    assertThat(refused.await()).isFalse();
    assertThat(hasBeenDecided(first)).isFalse();
    assertThat(hasBeenDecided(other)).isFalse();
  }

  private static boolean hasBeenDecided(FairGate.Ticket ticket) {
    return ticket.isDecided();
  }
}
