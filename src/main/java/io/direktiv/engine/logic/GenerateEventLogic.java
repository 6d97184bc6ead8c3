package io.direktiv.engine.logic;

import io.direktiv.engine.Codes;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventTemplate;
import io.direktiv.model.State;
import java.util.Base64;

/// Publishes an event in the namespace of the instance.
record GenerateEventLogic(State.GenerateEvent state) implements Logic {
  private static final String JSON = "application/json";

  @Override
  public Decision enter(Turn turn) {
    if (!turn.takesEvents()) {
      throw StateFailure.catchable(
          Codes.EVENTS,
          "too many events of the namespace wait to be delivered; try again later, for example with"
              + " a delay and a retry");
    }
    EventTemplate template = state.event();
    String id = turn.nameForEvent("event");
    JsonObject.Builder event =
        JsonObject.builder()
            .put("specversion", "1.0")
            .put("id", id)
            .put("source", template.source())
            .put("type", template.type())
            .put("time", turn.at().toString());
    template
        .context()
        .forEach((key, value) -> {
          Json extension = turn.expressions().one(value, turn.data());
          turn.log("Adding context " + key + ": " + extension);
          event.put(key, extension);
        });
    template
        .data()
        .ifPresent(data -> addData(turn, event, turn.expressions().one(data, turn.data())));
    turn.publish(new CloudEvent(event.build()));
    turn.log("Broadcasting event: " + id + ".");
    return Logic.go(state, turn.data());
  }

  private void addData(Turn turn, JsonObject.Builder event, Json data) {
    String type = state.event().dataContentType().orElse(JSON);
    event.put("datacontenttype", type);
    if (!type.equals(JSON) && data instanceof JsonString text) {
      try {
        Base64.getDecoder().decode(text.value());
        event.put("data_base64", text);
        return;
      } catch (IllegalArgumentException _) {
        turn.log("Unable to decode results as a base64 encoded string. Reverting to JSON.");
      }
    }
    event.put("data", data);
  }
}
