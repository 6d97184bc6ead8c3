package io.direktiv.api.http.resource;

import static io.direktiv.api.Limits.VARIABLE_BYTES_MAX;

import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.json.JsonObject;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Variables of a namespace, a workflow and an instance: bytes with a type.
final class VariableRoutes {
  private static final String BYTES = "application/octet-stream";

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        of(
            NamespaceRoutes.ONE,
            "Namespace",
            "a namespace",
            call -> {
              call.api().namespace(call.namespace());
              return new VariableOwner.OfNamespace(call.namespace());
            }));
    routes.addAll(
        of(
            WorkflowRoutes.ONE,
            "Workflow",
            "a workflow",
            call ->
                new VariableOwner.OfWorkflow(
                    call.namespace(),
                    call.api().workflow(call.namespace(), call.path("workflow")).uid())));
    routes.addAll(
        of(
            InstanceRoutes.ONE,
            "Instance",
            "an instance",
            call -> new VariableOwner.OfInstance(call.api().instance(call.instance()).id())));
    return routes;
  }

  private static List<Route> of(
      String base, String scope, String owned, Function<Call, VariableOwner> owner) {
    String all = base + "/variables";
    String one = all + "/{key}";
    return List.of(
        Route.get(all, "list" + scope + "Variables", "Lists the variables of " + owned + " by key.")
            .paged()
            .answers(200, "VariableList")
            .by(call ->
                Answer.list(
                    call.api().variables(owner.apply(call), call.page()),
                    call.page(),
                    VariableRoutes::shape)),
        Route.get(
                one, "get" + scope + "Variable", "Reads the value of a variable of " + owned + ".")
            .answers(200, "*/*", "", "The value, with the type it was written with.")
            .by(call -> value(call.api().variable(owner.apply(call), call.path("key")))),
        Route.put(one, "put" + scope + "Variable", "Writes a variable of " + owned + ".")
            .reads(new Route.Body(List.of("*/*"), "", VARIABLE_BYTES_MAX, false))
            .answersNothing()
            .by(call -> put(call, owner.apply(call))),
        Route.delete(
                one,
                "delete" + scope + "Variable",
                "Deletes a variable of " + owned + "; absent is fine.")
            .answersNothing()
            .by(call -> {
              call.api().deleteVariable(owner.apply(call), call.path("key"));
              return Answer.nothing();
            }));
  }

  private static JsonObject shape(VariableRecord variable) {
    return JsonObject.builder()
        .put("key", variable.key())
        .put("mimeType", variable.mimeType())
        .put("createdAt", Shapes.time(variable.createdAt()))
        .put("updatedAt", Shapes.time(variable.updatedAt()))
        .build();
  }

  /// Bytes that a tenant wrote: a browser must not run them as a page of this server.
  private static Answer value(VariableRecord variable) {
    String type = Answer.headerText(variable.mimeType());
    return Answer.bytes(type.isBlank() ? BYTES : type, variable.value())
        .with("Content-Security-Policy", "sandbox; default-src 'none'");
  }

  private static Answer put(Call call, VariableOwner owner) throws IOException {
    String type = call.header("Content-Type").orElse(BYTES);
    call.api().putVariable(owner, call.path("key"), call.body(), type);
    return Answer.nothing();
  }
}
