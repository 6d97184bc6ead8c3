package io.direktiv.golden;

import io.direktiv.engine.EngineSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every golden case on a running server with a store on disk.
class GoldenServerTest {
  private static final Map<EngineSettings, ServerWorld.Server> SERVERS = new HashMap<>();

  @AfterAll
  static void stopServers() {
    SERVERS.values().forEach(ServerWorld.Server::close);
    SERVERS.clear();
  }

  @TestFactory
  Stream<DynamicTest> runsAsTheCaseSays() {
    return GoldenCase.all().stream()
        .filter(golden -> golden.runsOn("server"))
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.name(),
                () ->
                    Play.play(
                        golden,
                        (g, mocks) ->
                            SERVERS
                                .computeIfAbsent(g.settings(), ServerWorld.Server::new)
                                .world(mocks))));
  }
}
