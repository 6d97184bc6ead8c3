package io.direktiv.engine.logic;

import io.direktiv.engine.Activity;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.EventFilter;
import io.direktiv.model.EventPattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Begins to wait for events.
final class Listening {
  private Listening() {}

  static Decision begin(
      Turn turn,
      List<EventPattern> patterns,
      JsonObject data,
      boolean isAll,
      Optional<Json> actionResult) {
    List<EventFilter> filters = new ArrayList<>();
    for (EventPattern pattern : patterns) {
      Map<String, Json> attributes = new LinkedHashMap<>();
      pattern
          .context()
          .forEach((name, value) -> attributes.put(name, turn.expressions().one(value, data)));
      filters.add(new EventFilter(pattern.type(), attributes));
    }
    turn.listen(filters, isAll);
    turn.log("Registered to receive events.");
    return new Decision.Await(
        new Activity.Listening(
            filters, Collections.nCopies(filters.size(), Optional.empty()), actionResult));
  }
}
