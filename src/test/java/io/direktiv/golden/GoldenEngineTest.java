package io.direktiv.golden;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every golden case on the pure engine.
class GoldenEngineTest {
  @TestFactory
  Stream<DynamicTest> decidesAsTheCaseSays() {
    return GoldenCase.all().stream()
        .filter(golden -> golden.runsOn("engine"))
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.name(),
                () ->
                    Play.play(
                        golden, (g, mocks) -> new EngineWorld(g.settings(), g.limits(), mocks))));
  }
}
