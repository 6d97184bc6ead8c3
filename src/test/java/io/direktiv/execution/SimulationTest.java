package io.direktiv.execution;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.direktiv.engine.logic.Engine;
import io.direktiv.store.Store;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Lives of servers that crash, with workflows drawn by a seed: nothing acknowledged is lost,
/// nothing happens twice, nothing is stuck, and everything ends as it does where nothing breaks.
///
/// `-Dsimulation.seed=N` replays the life of one seed, `-Dsimulation.seeds=N` chooses how many.
final class SimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 1_000);
  private static final int PLANTED_SEEDS = 200;
  private static final long FIRST = Long.getLong("simulation.first", 1);

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.direktiv");

  /// What breaks is meant to break: only defects are shown.
  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.ERROR);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  @Test
  void everyLifeComesToTheSameEndAsACalmOne() {
    Long replayed = Long.getLong("simulation.seed");
    if (replayed != null) {
      live(replayed, Simulation.Parts.SOUND);
      return;
    }
    LongStream.range(FIRST, FIRST + SEEDS)
        .parallel()
        .forEach(seed -> live(seed, Simulation.Parts.SOUND));
  }

  @Test
  void findsEffectsThatComeBeforeTheirCommit() {
    assertFound(PlantedFaults::effectsBeforeCommit);
  }

  @Test
  void findsStartsThatAreNotDeduplicated() {
    assertFound(PlantedFaults::noDeduplication);
  }

  @Test
  void findsTimersThatAreLost() {
    assertFound(PlantedFaults::lostTimers);
  }

  @Test
  void findsResultsThatAreAppliedTwice() {
    assertFound(new Simulation.Parts(UnaryOperator.identity(), PlantedFaults::resultsTwice));
  }

  @Test
  void givesTheSameLifeForTheSameSeed() {
    Simulation.Result first = new Simulation(7, false, Simulation.Parts.SOUND).run();
    Simulation.Result second = new Simulation(7, false, Simulation.Parts.SOUND).run();
    assertThat(second).isEqualTo(first);
    assertThat(second.tasks()).isPositive();
  }

  private static void assertFound(UnaryOperator<Store> fault) {
    assertFound(new Simulation.Parts(fault, Engine::new));
  }

  /// Looks for a seed whose life shows the fault.
  private static void assertFound(Simulation.Parts fault) {
    boolean isFound =
        LongStream.range(FIRST, FIRST + PLANTED_SEEDS)
            .anyMatch(seed -> {
              try {
                live(seed, fault);
                return false;
              } catch (AssertionError _) {
                return true;
              }
            });
    assertThat(isFound).as("found within %d seeds", PLANTED_SEEDS).isTrue();
  }

  private static void live(long seed, Simulation.Parts parts) {
    try {
      Simulation.Result calm = new Simulation(seed, true, Simulation.Parts.SOUND).run();
      Simulation.Result result = new Simulation(seed, false, parts).run();
      assertThat(result.ends()).isEqualTo(calm.ends());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + ", replay it with -Dsimulation.seed=" + seed + ": " + e.getMessage(), e);
    }
  }
}
