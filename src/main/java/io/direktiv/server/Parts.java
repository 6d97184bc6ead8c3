package io.direktiv.server;

import io.direktiv.api.AuthMode;
import io.direktiv.api.DirektivApi;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.logic.Engine;
import io.direktiv.execution.Collaborators;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.execution.LiveExecution;
import io.direktiv.functions.Functions;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.secrets.Vault;
import io.direktiv.store.Store;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/// What a server is made of, without its doors.
public final class Parts implements AutoCloseable {
  private final Store store;
  private final LiveExecution execution;
  private final DirektivApi api;
  private final Functions functions;

  private Parts(Store store, LiveExecution execution, DirektivApi api, Functions functions) {
    this.store = store;
    this.execution = execution;
    this.api = api;
    this.functions = functions;
  }

  /// Makes functions, which need the store for the credentials of registries.
  public interface FunctionsMaker {
    /// The functions of a server on `store`.
    Functions make(Store store, Vault vault);
  }

  /// Builds the parts in the order of the arrows; nothing runs yet.
  public static Parts build(
      Store store,
      MasterKey key,
      EngineSettings settings,
      ExecutionSettings limits,
      AuthMode auth,
      FunctionsMaker functionsMaker) {
    Clock clock = Clock.systemUTC();
    Vault vault = new AesVault(key);
    Functions functions = functionsMaker.make(store, vault);
    LiveExecution execution =
        new LiveExecution(
            new Collaborators(
                store,
                new Engine(settings),
                functions,
                vault,
                clock,
                new SecureRandom(),
                settings.queryLimits(),
                limits));
    DirektivApi api = new DirektivApi(store, execution, vault, clock, UUID::randomUUID, auth);
    return new Parts(store, execution, api, functions);
  }

  /// Recovers what was left unfinished and begins to run.
  public void start() {
    execution.start();
  }

  /// What doors call.
  public DirektivApi api() {
    return api;
  }

  /// The memory.
  public Store store() {
    return store;
  }

  /// What runs actions.
  public Functions functions() {
    return functions;
  }

  /// Ends what runs and closes the store; running instances go on after a restart.
  @Override
  public void close() {
    execution.stop();
    functions.close();
    store.close();
  }
}
