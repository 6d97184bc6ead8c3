package io.direktiv.server;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.api.DoorException;
import io.direktiv.api.grpc.GrpcDoor;
import io.direktiv.api.grpc.GrpcSettings;
import io.direktiv.api.http.HttpDoor;
import io.direktiv.api.http.HttpSettings;
import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.jq.QueryLimits;
import io.direktiv.schedule.InstancePruner;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.secrets.VaultException;
import io.direktiv.store.Store;
import io.direktiv.store.StoreException;
import io.direktiv.store.sql.SqlStore;
import io.direktiv.telemetry.Logs;
import io.direktiv.telemetry.Service;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server: the parts, their services and the doors. Starts in the order of the arrows and stops
/// in reverse.
public final class Server implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration PRUNING = Duration.ofMinutes(1);

  private final Settings settings;
  private final PrintStream out;
  private final Deque<Runnable> stops = new ArrayDeque<>();
  private volatile boolean isReady;

  /// A server that says on `out` where it is found.
  public Server(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /// Starts everything; what was started is stopped again when something cannot be.
  ///
  /// @throws StartupException in one sentence
  @Override
  public void start() {
    settings.warnings().forEach(LOG::warn);
    try {
      requireGuard(Catalog.API_BIND);
      requireGuard(Catalog.INGRESS_BIND);
      build();
    } catch (StoreException | VaultException | DoorException e) {
      stop();
      throw new StartupException(e.getMessage(), e);
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  /// Refuses an address that other machines reach while everybody may do everything.
  private void requireGuard(Setting<Address> bind) {
    boolean isGuarded =
        settings.get(Catalog.AUTH) == AuthMode.TOKENS || settings.get(Catalog.INSECURE);
    if (!isGuarded && !settings.get(bind).isLoopback()) {
      throw new StartupException(
          "DK0008: "
              + bind.key()
              + " "
              + settings.get(bind)
              + " can be reached by other machines and anybody could do anything; set --auth"
              + " tokens, or --insecure when something else guards it",
          null);
    }
  }

  private void build() {
    MasterKey key = KeyFile.load(settings);
    ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
    stops.push(notifier::close);
    Store store =
        new DiskGuard(
            SqlStore.open(settings.get(Catalog.DATA), notifier),
            settings.get(Catalog.DISK_RESERVE_BYTES));
    stops.push(store::close);
    KeyFile.check(store, new AesVault(key));
    Parts parts =
        Parts.build(
            store,
            key,
            engine(settings),
            execution(settings),
            settings.get(Catalog.AUTH),
            functions());
    stops.push(parts::close);
    HttpDoor http = http(parts);
    GrpcDoor grpc =
        new GrpcDoor(parts.api(), settings.get(Catalog.INGRESS_BIND), GrpcSettings.DEFAULT);
    stops.push(http::stop);
    stops.push(grpc::stop);
    together(parts::start, http::start, grpc::start);
    isReady = true;
    grpc.ready();
    begin(
        new InstancePruner(
            store,
            Clock.systemUTC(),
            new InstancePruner.Retention(
                settings.get(Catalog.RETENTION), settings.get(Catalog.RETENTION_BYTES)),
            PRUNING));
    say(parts, http, grpc);
  }

  private HttpDoor http(Parts parts) {
    HttpSettings answers =
        HttpSettings.of(
                settings.get(Catalog.AUTH), Version.text(), () -> parts.functions().describe())
            .readyWhen(() -> isReady);
    return new HttpDoor(parts.api(), settings.get(Catalog.API_BIND), answers);
  }

  /// Does several things at one time and waits for all of them. Doors open while the execution
  /// recovers, which holds back what they ask of it until it is done.
  private static void together(Runnable... tasks) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Runnable task : tasks) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      Thread.ofPlatform()
          .name("start-" + all.size())
          .start(() -> {
            try {
              task.run();
              done.complete(null);
            } catch (Throwable e) {
              done.completeExceptionally(e);
            }
          });
    }
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Says where everything is: to people on stdout, to machines in the log.
  private void say(Parts parts, HttpDoor http, GrpcDoor grpc) {
    Address api = new Address(settings.get(Catalog.API_BIND).host(), http.port());
    Address ingress = new Address(settings.get(Catalog.INGRESS_BIND).host(), grpc.port());
    Path data = settings.get(Catalog.DATA).toAbsolutePath().normalize();
    if (settings.get(Catalog.LOG_FORMAT) == Logs.Format.JSON) {
      LOG.atInfo()
          .addKeyValue("api", "http://" + api)
          .addKeyValue("grpc", ingress)
          .addKeyValue("data", data)
          .addKeyValue("version", Version.text())
          .log("server ready");
      return;
    }
    out.println("UI and API  http://" + api);
    out.println("gRPC        " + ingress);
    out.println("data        " + data);
    out.println(parts.functions().describe().replaceFirst("^functions: ", "functions   "));
    out.println("ready       direktiv " + Version.text() + "; Ctrl-C stops it");
    out.flush();
  }

  private Parts.FunctionsMaker functions() {
    String owner = settings.get(Catalog.DATA).toAbsolutePath().normalize().toString();
    return FunctionsSetup.of(settings, System.getenv(), owner);
  }

  private void begin(Service service) {
    stops.push(service::stop);
    service.start();
  }

  /// The limits of the engine that `settings` say.
  static EngineSettings engine(Settings settings) {
    QueryLimits standard = QueryLimits.DEFAULT;
    return new EngineSettings(
        new QueryLimits(
            settings.get(Catalog.JQ_TIME),
            standard.stepsMax(),
            settings.get(Catalog.JQ_BYTES),
            standard.outputsMax()),
        settings.get(Catalog.STATE_BYTES),
        settings.get(Catalog.HISTORY) ? settings.get(Catalog.HISTORY_BYTES) : 0,
        EngineSettings.DEFAULT.statesPerStepMax(),
        settings.get(Catalog.STATES),
        settings.get(Catalog.SUBFLOW_DEPTH),
        settings.get(Catalog.CONCURRENCY),
        settings.get(Catalog.TIMEOUT_INTERRUPT),
        settings.get(Catalog.TIMEOUT_KILL));
  }

  /// The limits of execution that `settings` say.
  static ExecutionSettings execution(Settings settings) {
    return new ExecutionSettings(
        settings.get(Catalog.WAITING_EVENTS), settings.get(Catalog.LIVING_SUBFLOWS));
  }

  /// Stops what was started, in reverse; running instances go on after the next start.
  @Override
  public void stop() {
    if (isReady && settings.get(Catalog.LOG_FORMAT) == Logs.Format.TEXT) {
      isReady = false;
      out.println("stopping    what runs goes on with the next start; Ctrl-C again kills");
    }
    while (!stops.isEmpty()) {
      try {
        stops.pop().run();
      } catch (RuntimeException e) {
        LOG.error("a part of the server did not stop well", e);
      }
    }
  }
}
