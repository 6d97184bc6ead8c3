package io.direktiv.server;

import io.direktiv.functions.ContainerFunctions;
import io.direktiv.functions.FunctionSettings;
import io.direktiv.functions.NoFunctions;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.StoredLogins;
import io.direktiv.functions.docker.DockerRuntime;
import io.direktiv.model.FunctionDefinition.Size;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Chooses what runs functions.
public final class FunctionsSetup {
  private FunctionsSetup() {}

  /// The words of the setting `isolation`. All of them mean the same until there is more than one
  /// runtime to choose from.
  enum Isolation {
    AUTO,
    CONTAINER,
    DOCKER,
    NONE
  }

  /// The functions of a process that has no settings but `environment` and leaves no data.
  ///
  /// @throws SettingsException when a variable cannot be used
  public static Parts.FunctionsMaker ofEnvironment(Map<String, String> environment) {
    return of(SettingsReader.read(Map.of(), environment), environment, "");
  }

  /// The functions that `settings` ask for.
  ///
  /// @param environment where engines are looked for when no setting says where they listen
  /// @param owner names this server across restarts, such as its data folder, so that containers
  ///   left by a crash are known again; empty for a process that leaves no data
  static Parts.FunctionsMaker of(Settings settings, Map<String, String> environment, String owner) {
    Map<String, String> where = new HashMap<>(environment);
    settings
        .get(Catalog.CONTAINER_HOST)
        .ifPresent(host -> where.put(Catalog.CONTAINER_HOST.variable(), host));
    return switch (settings.get(Catalog.ISOLATION)) {
      case NONE ->
          (_, _) ->
              new NoFunctions("they are switched off by isolation none (DIREKTIV_ISOLATION=none)");
      case AUTO, CONTAINER, DOCKER ->
          (store, vault) ->
              new ContainerFunctions(
                  new DockerRuntime(where, owner),
                  new StoredLogins(store, vault, everybodys(settings)),
                  limits(settings),
                  Clock.systemUTC());
    };
  }

  private static FunctionSettings limits(Settings settings) {
    return new FunctionSettings(
        settings.get(Catalog.FUNCTIONS_MAX),
        Map.of(
            Size.SMALL, settings.get(Catalog.FUNCTIONS_SMALL_BYTES),
            Size.MEDIUM, settings.get(Catalog.FUNCTIONS_MEDIUM_BYTES),
            Size.LARGE, settings.get(Catalog.FUNCTIONS_LARGE_BYTES)),
        settings.get(Catalog.FUNCTIONS_TIME),
        settings.get(Catalog.FUNCTIONS_NETWORK));
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
