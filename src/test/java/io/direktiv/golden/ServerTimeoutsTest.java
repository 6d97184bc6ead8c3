package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.Codes;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.InstanceId;
import io.direktiv.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Timeouts that a server sets for workflows that have none.
class ServerTimeoutsTest {
  private static final EngineSettings LIMITED =
      new EngineSettings(
          EngineSettings.DEFAULT.queryLimits(),
          EngineSettings.DEFAULT.dataBytesMax(),
          EngineSettings.DEFAULT.historyBytesMax(),
          EngineSettings.DEFAULT.statesPerStepMax(),
          EngineSettings.DEFAULT.statesMax(),
          EngineSettings.DEFAULT.subflowDepthMax(),
          EngineSettings.DEFAULT.concurrencyMax(),
          Optional.empty(),
          Optional.of(Duration.ofHours(1)));

  private static World.Seen afterTwoHours(EngineSettings settings, String timeouts) {
    EngineWorld world = new EngineWorld(settings, new Mocks(JsonObject.EMPTY));
    world.put("id: slow\n" + timeouts + "states:\n- { id: a, type: delay, duration: PT24H }\n", "");
    InstanceId id = world.start("slow", JsonObject.EMPTY, false);
    world.advance(Duration.ofHours(2));
    return world.see(id);
  }

  @Test
  void killsAWorkflowThatSetsNoTimeouts() {
    World.Seen seen = afterTwoHours(LIMITED, "");
    assertThat(seen.instance().ending().orElseThrow().error().orElseThrow().code())
        .isEqualTo(Codes.TIMEOUT_HARD);
  }

  @Test
  void leavesAWorkflowItsOwnTimeout() {
    World.Seen seen = afterTwoHours(LIMITED, "timeouts: { kill: PT5H }\n");
    assertThat(seen.instance().ending()).isEmpty();
  }

  @Test
  void isOffUnlessTheServerSetsIt() {
    assertThat(afterTwoHours(EngineSettings.DEFAULT, "").instance().ending()).isEmpty();
  }
}
