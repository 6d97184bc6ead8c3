package io.direktiv.house;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.direktiv.api.AuthMode;
import io.direktiv.api.DirektivApi;
import io.direktiv.engine.ActionId;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.logic.Engine;
import io.direktiv.execution.Collaborators;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.execution.LiveExecution;
import io.direktiv.execution.StartRequest;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Functions;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.secrets.Vault;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.Page;
import io.direktiv.store.Store;
import io.direktiv.store.sql.SqlStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// A secret that would be recognised anywhere goes through every way in which an action can fail.
/// Afterwards it is looked for in the data folder, the operator's log and everything the API says.
final class SecretCanaryTest {
  private static final String CANARY = "canary-4d1f77c0b9e2";
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger("io.direktiv");

  @TempDir Path folder;

  private final ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
  private final FakeFunctions functions = new FakeFunctions();
  private final Recorder recorder = new Recorder();
  private Store store;
  private LiveExecution execution;
  private DirektivApi api;

  /// Keeps every log event with its keys and stack trace.
  private final class Recorder extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      String trace =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      logged.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + trace);
    }
  }

  /// Functions that fail in the way their id says.
  private static final class FakeFunctions implements Functions {
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    volatile boolean hasSeenSecret;

    @Override
    public Outcome call(FunctionCall call, Consumer<LogLine> log) {
      hasSeenSecret |= call.input().toString().contains(CANARY);
      return switch (call.function().id()) {
        case "fails" -> new Outcome.Failed(Failure.catchable("my.error", "it failed"));
        case "breaks" -> throw new IllegalStateException("a defect at " + call);
        case "waits" -> {
          waiting.countDown();
          try {
            released.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          yield new Outcome.Failed(Failure.catchable("my.error", "stopped"));
        }
        default -> new Outcome.Returned(JsonObject.EMPTY);
      };
    }

    @Override
    public void cancel(ActionId id) {
      released.countDown();
    }

    @Override
    public String describe() {
      return "functions that fail";
    }
  }

  @BeforeEach
  void open() {
    ROOT.setLevel(Level.TRACE);
    ROOT.addAppender(recorder);
    recorder.start();
    store = SqlStore.open(folder, notifier);
    Vault vault = new AesVault(MasterKey.random());
    begin(vault);
    api.createNamespace("demo");
    api.putSecret("demo", "KEY", CANARY.getBytes(StandardCharsets.UTF_8), false);
  }

  private void begin(Vault vault) {
    EngineSettings settings = EngineSettings.DEFAULT;
    Clock clock = Clock.systemUTC();
    execution =
        new LiveExecution(
            new Collaborators(
                store,
                new Engine(settings),
                functions,
                vault,
                clock,
                new Random(),
                settings.queryLimits(),
                ExecutionSettings.DEFAULT));
    api = new DirektivApi(store, execution, vault, clock, UUID::randomUUID, AuthMode.OFF);
    execution.start();
  }

  @AfterEach
  void close() {
    functions.released.countDown();
    execution.stop();
    store.close();
    notifier.close();
    ROOT.detachAppender(recorder);
    ROOT.setLevel(null);
  }

  private InstanceId start(String function, String input, String more) {
    String source =
        """
        id: leak
        functions: [ { id: %1$s, image: test/%1$s } ]
        states:
        - id: act
          type: action
          log: .
          %3$s
          action: { function: %1$s, secrets: [KEY], input: '%2$s' }
          retries: { maxAttempts: 2, delay: PT1S, codes: ['my.*'] }
        """
            .formatted(function, input, more);
    api.createWorkflow("demo", source, true, "");
    return api.execute(new StartRequest("demo", "leak", JsonObject.EMPTY, false, Optional.empty()))
        .id();
  }

  private Instance ended(InstanceId id) {
    return api.awaitEnd(id, Duration.ofSeconds(30)).orElseThrow();
  }

  private void assertNowhere(InstanceId id) throws IOException {
    execution.stop();
    StringBuilder said = new StringBuilder();
    said.append(api.instance(id)).append(api.logs(id, Page.ALL)).append(api.history(id, Page.ALL));
    said.append(api.instances(InstanceQuery.of("demo"), Page.ALL))
        .append(api.secrets("demo", Page.ALL));
    said.append(store.waits().actions(Optional.empty(), 100));
    assertThat(said.toString()).as("what the API says").doesNotContain(CANARY);
    assertThat(logged).as("the operator's log").noneMatch(line -> line.contains(CANARY));
    store.close();
    String encoded = Base64.getEncoder().encodeToString(CANARY.getBytes(StandardCharsets.UTF_8));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes.contains(CANARY)).as(file.toString()).isFalse();
        assertThat(bytes.contains(encoded.substring(0, 20))).as(file.toString()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error(.secrets.KEY)",
        "{n: (.secrets.KEY + 1)}",
        "{n: (.secrets.KEY | tonumber)}",
        "{n: (.secrets.KEY | fromjson)}",
        "{n: (.secrets.KEY | .[0])}",
        "{n: ({} | has(.secrets.KEY))}",
        "{n: ([] | .[input | .secrets.KEY])}",
        "{n: (.secrets.KEY | strptime(\"%Y\"))}",
        "{n: (.secrets.KEY | @base64d | fromjson)}",
        "{n: (.secrets | implode)}",
        ".secrets.KEY",
        "(.secrets.KEY, .secrets.KEY)",
        "{n: (\"a\" | test(\"(\" + $__loc__.file + .secrets.KEY))}",
        "label $out | {(.secrets.KEY): .secrets, n: error}"
      })
  void isNotInTheErrorOfAQueryThatSawIt(String query) throws IOException {
    InstanceId id = start("never", query.replace("'", "''"), "");
    assertThat(ended(id).status()).isEqualTo(Status.FAILED);
    assertNowhere(id);
  }

  @Test
  void isNotLeftBehindByAFunctionThatFails() throws IOException {
    InstanceId id = start("fails", "{key: .secrets.KEY}", "");
    assertThat(ended(id).status()).isEqualTo(Status.FAILED);
    assertThat(functions.hasSeenSecret).isTrue();
    assertNowhere(id);
  }

  @Test
  void isNotLeftBehindByAFunctionThatBreaks() throws IOException {
    InstanceId id = start("breaks", "{key: .secrets.KEY}", "");
    assertThat(ended(id).status()).isEqualTo(Status.CRASHED);
    assertThat(functions.hasSeenSecret).isTrue();
    assertNowhere(id);
  }

  @Test
  void isNotLeftBehindByACancelledFunction() throws IOException, InterruptedException {
    InstanceId id = start("waits", "{key: .secrets.KEY}", "");
    assertThat(functions.waiting.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(api.cancel(id, "enough")).isTrue();
    assertThat(ended(id).status()).isEqualTo(Status.CANCELLED);
    assertNowhere(id);
  }

  @Test
  void isNotLeftBehindByAFunctionThatTakesTooLong() throws IOException {
    InstanceId id = start("waits", "{key: .secrets.KEY}", "timeout: PT1S");
    assertThat(ended(id).ending().orElseThrow().error().orElseThrow().code())
        .startsWith("direktiv.cancels.timeout");
    assertNowhere(id);
  }

  @Test
  void isNotInTheErrorOfAnAsynchronousAction() throws IOException {
    InstanceId id = start("never", "error(.secrets.KEY)", "async: true");
    assertThat(ended(id).status()).isEqualTo(Status.COMPLETE);
    assertNowhere(id);
  }

  @Test
  void isNotInTheErrorOfAVaultWithAnotherKey() throws IOException {
    execution.stop();
    begin(new AesVault(MasterKey.random()));
    InstanceId id = start("fails", "{key: .secrets.KEY}", "");
    assertThat(ended(id).ending().orElseThrow().error().orElseThrow().message())
        .contains("cannot be decrypted");
    assertThat(functions.hasSeenSecret).isFalse();
    assertNowhere(id);
  }

  @Test
  void isFoundWhereItIsPutOnPurpose() throws IOException {
    InstanceId id = start("fails", "{key: .secrets.KEY}", "");
    ended(id);
    api.putVariable(
        new io.direktiv.store.VariableOwner.OfNamespace("demo"),
        "copy",
        Json.of(CANARY).toBytes(),
        "application/json");
    execution.stop();
    store.close();
    String bytes = Files.readString(folder.resolve("direktiv.db"), StandardCharsets.ISO_8859_1);
    assertThat(bytes).as("the search finds what is there").contains(CANARY);
  }
}
