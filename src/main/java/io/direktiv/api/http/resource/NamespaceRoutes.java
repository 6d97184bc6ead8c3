package io.direktiv.api.http.resource;

import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Limits;
import io.direktiv.api.http.exchange.Route;
import java.io.IOException;
import java.util.List;

/// Namespaces.
final class NamespaceRoutes {
  static final String ALL = "/api/v2/namespaces";
  static final String ONE = ALL + "/{namespace}";

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "listNamespaces", "Lists the namespaces that the caller may use.")
            .paged()
            .guarded(Route.Guard.CALLER)
            .answers(200, "NamespaceList")
            .by(this::list),
        Route.post(ALL, "createNamespace", "Creates a namespace.")
            .guarded(Route.Guard.SERVER)
            .reads(Route.Body.json("NewNamespace", Limits.SMALL_BODY_BYTES_MAX))
            .answers(201, "NamespaceAnswer")
            .refuses(409, "There is a namespace of this name.")
            .by(this::create),
        Route.get(ONE, "getNamespace", "Reads a namespace.")
            .answers(200, "NamespaceAnswer")
            .by(this::get),
        Route.delete(ONE, "deleteNamespace", "Deletes a namespace and everything in it.")
            .guarded(Route.Guard.SERVER)
            .answersNothing()
            .by(this::delete));
  }

  private Answer list(Call call) {
    return Answer.list(call.api().namespaces(call.page()), call.page(), Shapes::namespace);
  }

  private Answer create(Call call) throws IOException {
    String name = call.document("name").text("name");
    return Answer.data(201, Shapes.namespace(call.api().createNamespace(name)))
        .with("Location", ALL + "/" + name);
  }

  private Answer get(Call call) {
    return Answer.ok(Shapes.namespace(call.api().namespace(call.namespace())));
  }

  private Answer delete(Call call) {
    call.api().deleteNamespace(call.namespace());
    return Answer.nothing();
  }
}
