package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.EngineSettings;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Delays with jitter: shorter by up to that part, and not all the same.
class RetryJitterTest {
  private static Set<Duration> delays(String jitter) {
    String source =
        """
        id: retried
        states:
        - id: a
          type: noop
          transform: '1'
          retries: { maxAttempts: 2, delay: PT100S, jitter: JITTER }
        """;
    EngineWorld world = new EngineWorld(EngineSettings.DEFAULT, new Mocks(JsonObject.EMPTY));
    world.put(source.replace("JITTER", jitter), "");
    Set<Duration> delays = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      var id = world.start("retried", Json.NULL, false);
      delays.add(Duration.between(SettableClock.BEGINNING, world.see(id).timers().getFirst()));
    }
    return delays;
  }

  @Test
  void shortensADelayByUpToItsPart() {
    assertThat(delays("0.5"))
        .hasSizeGreaterThan(20)
        .allMatch(delay -> delay.compareTo(Duration.ofSeconds(50)) >= 0)
        .allMatch(delay -> delay.compareTo(Duration.ofSeconds(100)) <= 0);
  }

  @Test
  void changesNothingWhenItIsZero() {
    assertThat(delays("0")).containsExactly(Duration.ofSeconds(100));
  }
}
