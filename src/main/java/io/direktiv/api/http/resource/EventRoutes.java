package io.direktiv.api.http.resource;

import static io.direktiv.api.Limits.INPUT_BYTES_MAX;

import io.direktiv.api.CloudEvents;
import io.direktiv.api.http.exchange.Answer;
import io.direktiv.api.http.exchange.Call;
import io.direktiv.api.http.exchange.Refusal;
import io.direktiv.api.http.exchange.Route;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import io.direktiv.store.EventRecord;
import io.direktiv.store.ListenerRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// CloudEvents: taking them in (HTTP protocol binding 1.0.2), what arrived, and what waits for
/// them.
final class EventRoutes {
  private static final String EVENTS = NamespaceRoutes.ONE + "/events";

  List<Route> routes() {
    return List.of(
        Route.post(EVENTS, "publishEvents", "Takes CloudEvents: binary, structured or a batch.")
            .header("ce-id", "In binary mode every attribute is such a header.")
            .reads(new Route.Body(List.of("*/*"), "CloudEvent", INPUT_BYTES_MAX, true))
            .answers(202, "EventsTaken")
            .answers(200, "EventGridValidation")
            .by(EventRoutes::publish),
        Route.get(EVENTS, "listEvents", "Lists the events that arrived, newest first.")
            .paged()
            .answers(200, "EventList")
            .by(EventRoutes::list),
        Route.get(EVENTS + "/listeners", "listEventListeners", "Lists what waits for events.")
            .paged()
            .answers(200, "ListenerList")
            .by(EventRoutes::listeners));
  }

  private static Answer publish(Call call) throws IOException {
    byte[] body = call.body();
    Optional<String> code = validationCode(call, body);
    if (code.isPresent()) {
      return Answer.json(200, JsonObject.of("validationResponse", Json.of(code.get())));
    }
    List<CloudEvent> events = events(call, body);
    int accepted = call.api().publish(call.namespace(), events);
    return Answer.data(
        202,
        JsonObject.builder()
            .put("accepted", accepted)
            .put("repeated", events.size() - accepted)
            .build());
  }

  /// Azure Event Grid asks a new subscriber to send a code back.
  private static Optional<String> validationCode(Call call, byte[] body) {
    boolean isAsked =
        call.mediaType().equals(Answer.JSON) && call.header("ce-specversion").isEmpty();
    return isAsked ? CloudEvents.validationCode(body) : Optional.empty();
  }

  private static List<CloudEvent> events(Call call, byte[] body) {
    String type = call.mediaType();
    if (type.equals("application/cloudevents+json")) {
      return List.of(CloudEvents.parse(body));
    }
    if (type.equals("application/cloudevents-batch+json")) {
      return CloudEvents.parseBatch(body);
    }
    if (call.header("ce-specversion").isPresent()) {
      return List.of(BinaryEvents.read(call, body));
    }
    if (type.equals(Answer.JSON)) {
      return CloudEvents.parseAny(body);
    }
    throw new Refusal(
        415,
        "request_type_unsupported",
        "a CloudEvent comes as application/cloudevents+json, application/cloudevents-batch+json or"
            + " application/json, or has ce-… headers, but this has the Content-Type '"
            + type
            + "'");
  }

  private static Answer list(Call call) {
    call.api().namespace(call.namespace());
    return Answer.list(
        call.api().events(call.namespace(), call.page()), call.page(), EventRoutes::shape);
  }

  private static JsonObject shape(EventRecord event) {
    return JsonObject.builder()
        .put("receivedAt", Shapes.time(event.receivedAt()))
        .put("event", event.event().json())
        .put("delivered", event.isDelivered())
        .put("caused", texts(event.caused()))
        .build();
  }

  private static Answer listeners(Call call) {
    call.api().namespace(call.namespace());
    return Answer.list(
        call.api().listeners(call.namespace(), call.page()),
        call.page(),
        listener -> shape(call, listener));
  }

  private static JsonObject shape(Call call, ListenerRecord listener) {
    boolean starts = listener.owner() instanceof ListenerRecord.Owner.OfWorkflow;
    String kind = listener.isAll() ? "And" : listener.filters().size() > 1 ? "OR" : "Simple";
    JsonObject.Builder shape =
        JsonObject.builder()
            .put("id", listener.id())
            .put("namespace", listener.namespace())
            .put("createdAt", Shapes.time(listener.createdAt()))
            .put("triggerType", (starts ? "Start" : "Wait") + kind)
            .put(
                "listeningForEventTypes",
                texts(listener.filters().stream().map(EventFilter::type).toList()))
            .put(
                "eventContextFilters",
                JsonArray.of(listener.filters().stream().<Json>map(EventRoutes::shape).toList()));
    switch (listener.owner()) {
      case ListenerRecord.Owner.OfWorkflow(String uid) ->
          shape.put("triggerWorkflow", call.api().workflowByUid(uid).id());
      case ListenerRecord.Owner.OfInstance(var waits) ->
          shape.put("triggerInstance", waits.instance().toString());
    }
    return shape.build();
  }

  private static JsonObject shape(EventFilter filter) {
    return JsonObject.builder()
        .put("type", filter.type())
        .put("context", JsonObject.of(filter.attributes()))
        .build();
  }

  private static JsonArray texts(List<String> texts) {
    return JsonArray.of(texts.stream().<Json>map(Json::of).toList());
  }
}
