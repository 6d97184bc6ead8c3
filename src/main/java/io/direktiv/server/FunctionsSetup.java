package io.direktiv.server;

import io.direktiv.functions.ContainerFunctions;
import io.direktiv.functions.FirstRuntime;
import io.direktiv.functions.FunctionSettings;
import io.direktiv.functions.Functions;
import io.direktiv.functions.NoFunctions;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.RegistryLogins;
import io.direktiv.functions.Runtime;
import io.direktiv.functions.StoredLogins;
import io.direktiv.functions.docker.DockerRuntime;
import io.direktiv.functions.pool.PoolSettings;
import io.direktiv.model.FunctionDefinition.Size;
import io.direktiv.secrets.Vault;
import io.direktiv.store.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Chooses what runs functions.
public final class FunctionsSetup {
  private FunctionsSetup() {}

  /// The words of the setting `isolation`. `oci` makes sandboxes without an engine, `docker` with
  /// one; `auto` and `container` mean the first of these that works. Those of microVMs, two of
  /// which come from the first releases, are understood and answered by an error of the action:
  /// less isolation than was asked for is never given.
  enum Isolation {
    AUTO,
    CONTAINER,
    DOCKER,
    OCI,
    MICROVM,
    FIRECRACKER,
    VORTEIL,
    NONE
  }

  /// The functions of a process that has no settings but `environment` and leaves no data.
  ///
  /// @param logins of whoever runs it, for registries that `environment` has no login for
  /// @throws SettingsException when a variable cannot be used
  public static Parts.FunctionsMaker ofEnvironment(
      Map<String, String> environment, RegistryLogins logins) {
    return of(SettingsReader.read(Map.of(), environment), environment, "", logins);
  }

  /// The functions that `settings` ask for.
  ///
  /// @param environment where engines are looked for when no setting says where they listen
  /// @param owner names this server across restarts, such as its data folder, so that containers
  ///   left by a crash are known again; empty for a process that leaves no data
  static Parts.FunctionsMaker of(Settings settings, Map<String, String> environment, String owner) {
    return of(settings, environment, owner, RegistryLogins.NONE);
  }

  private static Parts.FunctionsMaker of(
      Settings settings, Map<String, String> environment, String owner, RegistryLogins logins) {
    Map<String, String> where = new HashMap<>(environment);
    settings
        .get(Catalog.CONTAINER_HOST)
        .ifPresent(host -> where.put(Catalog.CONTAINER_HOST.variable(), host));
    Isolation isolation = settings.get(Catalog.ISOLATION);
    FunctionSettings limits = limits(settings, !owner.isEmpty());
    return switch (isolation) {
      case NONE ->
          (_, _) ->
              new NoFunctions(
                  "functions are switched off by the setting isolation: none"
                      + " (DIREKTIV_ISOLATION=none)");
      case MICROVM, FIRECRACKER, VORTEIL ->
          (_, _) -> new NoFunctions(noMicrovms(isolation.name().toLowerCase(Locale.ROOT)));
      case AUTO, CONTAINER ->
          (store, vault) ->
              sandboxes(first(settings, where, owner), settings, limits, store, vault, logins);
      case DOCKER ->
          (store, vault) ->
              sandboxes(new DockerRuntime(where, owner), settings, limits, store, vault, logins);
      case OCI ->
          (store, vault) -> {
            try {
              return sandboxes(
                  OciSetup.runtime(settings, where, owner), settings, limits, store, vault, logins);
            } catch (IOException e) {
              return new NoFunctions("there is no place for sandboxes: " + e.getMessage());
            }
          };
    };
  }

  private static Runtime first(Settings settings, Map<String, String> where, String owner) {
    DockerRuntime engine = new DockerRuntime(where, owner);
    try {
      return new FirstRuntime(List.of(OciSetup.runtime(settings, where, owner), engine));
    } catch (IOException _) {
      // Without a place for sandboxes an engine is all there is.
      return engine;
    }
  }

  private static Functions sandboxes(
      Runtime runtime,
      Settings settings,
      FunctionSettings limits,
      Store store,
      Vault vault,
      RegistryLogins others) {
    return new ContainerFunctions(
        runtime,
        new StoredLogins(store, vault, everybodys(settings)).or(others),
        limits,
        Clock.systemUTC());
  }

  private static String noMicrovms(String word) {
    return "the setting isolation: "
        + word
        + " wants microVMs, which this release cannot run; with isolation: container"
        + " (DIREKTIV_ISOLATION=container) functions run as containers";
  }

  private static FunctionSettings limits(Settings settings, boolean isServer) {
    return new FunctionSettings(
        settings.get(Catalog.FUNCTIONS_MAX),
        Map.of(
            Size.SMALL, settings.get(Catalog.FUNCTIONS_SMALL_BYTES),
            Size.MEDIUM, settings.get(Catalog.FUNCTIONS_MEDIUM_BYTES),
            Size.LARGE, settings.get(Catalog.FUNCTIONS_LARGE_BYTES)),
        settings.get(Catalog.FUNCTIONS_DISK_BYTES),
        settings.get(Catalog.FUNCTIONS_TIME),
        settings.get(Catalog.FUNCTIONS_NETWORK),
        new PoolSettings(
            settings.get(Catalog.FUNCTIONS_SERVER_CALLS),
            settings.get(Catalog.FUNCTIONS_SERVERS),
            settings.get(Catalog.FUNCTIONS_IDLE),
            PoolSettings.DEFAULT.freezeAfter(),
            PoolSettings.DEFAULT.restartPause(),
            isServer));
  }

  private static Optional<RegistryCredentials> everybodys(Settings settings) {
    return settings
        .get(Catalog.FLOW_REGISTRY)
        .map(registry ->
            new RegistryCredentials(
                registry,
                settings.get(Catalog.FLOW_REGISTRY_USER).orElse(""),
                settings.get(Catalog.FLOW_REGISTRY_TOKEN).orElse("")));
  }
}
