package io.direktiv.golden;

import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every golden case on a running server with a store on disk: asked directly, through the HTTP
/// door, and on a server that is restarted before everything that happens.
class GoldenServerTest {
  /// A server for each kind of limits; those that are restarted are others than those with doors.
  private record Kind(EngineSettings settings, ExecutionSettings limits, boolean isRestarted) {}

  private static final Map<Kind, ServerWorld.Server> SERVERS = new HashMap<>();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @AfterAll
  static void stopServers() {
    CLIENT.close();
    SERVERS.values().forEach(ServerWorld.Server::close);
    SERVERS.clear();
  }

  @TestFactory
  Stream<DynamicTest> runsAsTheCaseSays() {
    return cases(_ -> true, false, ServerWorld::new);
  }

  @TestFactory
  Stream<DynamicTest> runsThroughTheHttpDoor() {
    return cases(_ -> true, false, (server, mocks) -> new HttpWorld(server, mocks, CLIENT));
  }

  /// Without schedules: those that begin anew with the server miss what the case expects.
  @TestFactory
  Stream<DynamicTest> runsOnAServerThatIsRestarted() {
    Predicate<GoldenCase> isUnscheduled =
        golden -> golden.workflows().stream().noneMatch(text -> text.contains("scheduled"));
    return cases(isUnscheduled, true, RestartedWorld::new);
  }

  private static Stream<DynamicTest> cases(
      Predicate<GoldenCase> fits,
      boolean isRestarted,
      BiFunction<ServerWorld.Server, Mocks, World> world) {
    return GoldenCase.all().stream()
        .filter(golden -> golden.runsOn("server"))
        .filter(fits)
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.name(),
                () ->
                    Play.play(
                        golden,
                        (g, mocks) ->
                            world.apply(
                                server(new Kind(g.settings(), g.limits(), isRestarted)), mocks))));
  }

  private static ServerWorld.Server server(Kind kind) {
    return SERVERS.computeIfAbsent(kind, k -> new ServerWorld.Server(k.settings, k.limits));
  }
}
