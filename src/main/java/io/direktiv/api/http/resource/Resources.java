package io.direktiv.api.http.resource;

import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// All operations of the HTTP door.
public final class Resources {
  private Resources() {}

  /// What the server tells about itself.
  ///
  /// @param functions one line about what runs functions
  /// @param isReady false while the server still recovers
  public record About(String version, Supplier<String> functions, BooleanSupplier isReady) {}

  /// The table of all routes.
  ///
  /// @param waitMax the longest that `wait=true` may wait
  public static List<Route> routes(About about, Waiting waiting, Duration waitMax) {
    List<Route> routes = new ArrayList<>();
    OpenApi document = new OpenApi(about.version(), routes);
    routes.addAll(new ServerRoutes(about, document::bytes).routes());
    routes.addAll(new NamespaceRoutes().routes());
    routes.addAll(new WorkflowRoutes().routes());
    routes.addAll(new InstanceRoutes(waiting, waitMax).routes());
    routes.addAll(new InstanceViewRoutes().routes());
    routes.addAll(new StreamRoutes(waiting).routes());
    routes.addAll(new EventRoutes().routes());
    routes.addAll(new SecretRoutes().routes());
    routes.addAll(new VariableRoutes().routes());
    return routes;
  }
}
