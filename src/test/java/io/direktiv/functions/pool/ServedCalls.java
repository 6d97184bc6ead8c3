package io.direktiv.functions.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.ContainerFunctions;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.FunctionSettings;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.functions.RegistryLogins;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/// Calls of functions that listen, on a runtime whose sandboxes a test plays.
abstract class ServedCalls {
  static final Duration LONG = Duration.ofHours(1);
  static final Duration SHORT = Duration.ofMillis(50);
  static final PoolSettings PATIENT = new PoolSettings(2, 4, LONG, LONG, SHORT, true);

  private final AtomicInteger steps = new AtomicInteger();
  ListeningRuntime runtime;
  ContainerFunctions functions;

  void start(PoolSettings settings, ListeningRuntime.Work work) {
    runtime = new ListeningRuntime(work);
    FunctionSettings standard = FunctionSettings.DEFAULT;
    functions =
        new ContainerFunctions(
            runtime,
            RegistryLogins.NONE,
            new FunctionSettings(
                32,
                standard.memoryBytes(),
                standard.diskBytes(),
                standard.time(),
                standard.network(),
                settings),
            InstantSource.system());
  }

  @AfterEach
  void stop() {
    functions.close();
  }

  static FunctionDefinition function(String id, int scale) {
    return new FunctionDefinition(
        id,
        "image",
        FunctionDefinition.Size.SMALL,
        Optional.empty(),
        scale,
        Optional.of("http"),
        Optional.empty(),
        List.of());
  }

  FunctionCall call(String namespace, String workflow, FunctionDefinition function) {
    InstanceId instance = new InstanceId(namespace, workflow, "AAAAAA");
    return new FunctionCall(
        new ActionId(instance, steps.incrementAndGet(), 0),
        namespace,
        function,
        Json.parse("{}"),
        Optional.empty(),
        FunctionVariables.NONE);
  }

  FunctionCall call() {
    return call("ns", "flow", function("f", 0));
  }

  Outcome outcome(FunctionCall call) {
    return functions.call(call, _ -> {});
  }

  CompletableFuture<Outcome> begun(FunctionCall call) {
    return CompletableFuture.supplyAsync(
        () -> outcome(call), task -> Thread.ofVirtual().start(task));
  }

  static void await(java.util.function.BooleanSupplier condition) throws Exception {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  static Outcome returned(int value) {
    return new Outcome.Returned(Json.of(value));
  }

  static void assertFailed(Outcome outcome, String code) {
    assertThat(((Outcome.Failed) outcome).failure().error().code()).isEqualTo(code);
  }
}
