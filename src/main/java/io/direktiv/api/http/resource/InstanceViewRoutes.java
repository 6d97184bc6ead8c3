package io.direktiv.api.http.resource;

import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.engine.Instance;
import io.direktiv.engine.Visit;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.util.List;

/// What an instance was given, what it gave, what it logged and which states it passed.
final class InstanceViewRoutes {
  private static final String ONE = InstanceRoutes.ONE;

  List<Route> routes() {
    return List.of(
        Route.get(ONE + "/input", "getInstanceInput", "Reads the data an instance began with.")
            .answers(200, "AnyObject")
            .by(call -> Answer.json(200, call.api().instance(call.instance()).input())),
        Route.get(ONE + "/output", "getInstanceOutput", "Reads the output of an ended instance.")
            .answers(200, "Any")
            .refuses(409, "The instance has not ended.")
            .by(InstanceViewRoutes::output),
        Route.get(ONE + "/logs", "listInstanceLogs", "Lists an instance's log, oldest first.")
            .paged()
            .answers(200, "LogList")
            .by(InstanceViewRoutes::logs),
        Route.get(ONE + "/history", "listInstanceHistory", "Lists passed states, oldest first.")
            .paged()
            .answers(200, "HistoryList")
            .by(InstanceViewRoutes::history));
  }

  private static Answer output(Call call) {
    Instance instance = call.api().instance(call.instance());
    Instance.Ending ending =
        instance
            .ending()
            .orElseThrow(() ->
                new Refusal(
                    409,
                    "resource_state",
                    "instance '" + instance.id() + "' still runs; its output comes at its end"));
    Json output =
        ending
            .output()
            .orElseThrow(() ->
                new Refusal(
                    404,
                    "resource_not_found",
                    "instance '"
                        + instance.id()
                        + "' has no output: it is "
                        + ending.status().word()));
    return Answer.json(200, output);
  }

  private static Answer logs(Call call) {
    call.api().instance(call.instance());
    return Answer.list(call.api().logs(call.instance(), call.page()), call.page(), Shapes::logLine);
  }

  private static Answer history(Call call) {
    call.api().instance(call.instance());
    return Answer.list(
        call.api().history(call.instance(), call.page()), call.page(), InstanceViewRoutes::shape);
  }

  private static JsonObject shape(Visit visit) {
    JsonObject.Builder shape =
        JsonObject.builder()
            .put("step", visit.step())
            .put("state", visit.state())
            .put("type", visit.type())
            .put("attempt", visit.attempt())
            .put("enteredAt", Shapes.time(visit.enteredAt()))
            .put("leftAt", Shapes.time(visit.leftAt()))
            .put("result", visit.result().word())
            .put("errorCode", Shapes.text(visit.error().map(error -> error.code())))
            .put("errorMessage", Shapes.text(visit.error().map(error -> error.message())))
            .put("next", Shapes.text(visit.next()));
    visit.data().ifPresent(data -> shape.put("data", data));
    return shape.build();
  }
}
