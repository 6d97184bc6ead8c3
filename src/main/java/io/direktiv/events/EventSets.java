package io.direktiv.events;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.store.ListenerRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The incomplete sets of a workflow that waits for all of several events.
///
/// A set is `{"key": [correlation values], "since": epoch millis, "events": [event or null, …]}`.
/// An event joins the first set of its key that lacks it; a repeated one is passed over.
public final class EventSets {
  private EventSets() {}

  /// What an event did to the sets.
  ///
  /// @param sets the sets to keep
  /// @param complete the events of a set that is now complete, in the order of the filters
  public record Added(Json sets, Optional<List<CloudEvent>> complete) {}

  /// Adds `event` to the sets of `listener`; empty when it fits no filter or lacks a correlation
  /// attribute.
  public static Optional<Added> add(ListenerRecord listener, CloudEvent event, Instant now) {
    List<Integer> fits = EventMatcher.fits(listener.filters(), event);
    Optional<JsonArray> key = key(listener, event);
    if (fits.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    List<JsonObject> sets = alive(listener, now);
    for (int i = 0; i < sets.size(); i++) {
      if (key.get().equals(sets.get(i).get("key"))) {
        return Optional.of(joined(sets, i, fits, event));
      }
    }
    if (sets.size() >= Limits.SETS_MAX) {
      sets.removeFirst();
    }
    sets.add(empty(key.get(), listener.filters().size(), now));
    return Optional.of(joined(sets, sets.size() - 1, fits, event));
  }

  private static Optional<JsonArray> key(ListenerRecord listener, CloudEvent event) {
    List<Json> values = new ArrayList<>();
    for (String attribute : listener.correlate()) {
      Optional<Json> value = event.attribute(attribute.toLowerCase(java.util.Locale.ROOT));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(JsonArray.of(values));
  }

  private static List<JsonObject> alive(ListenerRecord listener, Instant now) {
    List<JsonObject> sets = new ArrayList<>();
    if (listener.sets() instanceof JsonArray array) {
      for (Json set : array) {
        if (set instanceof JsonObject object && !isExpired(listener, object, now)) {
          sets.add(object);
        }
      }
    }
    return sets;
  }

  private static boolean isExpired(ListenerRecord listener, JsonObject set, Instant now) {
    return listener.lifespan().isPresent()
        && set.get("since") instanceof JsonNumber since
        && listener.lifespan().get().after(Instant.ofEpochMilli(since.longValue())).isBefore(now);
  }

  private static JsonObject empty(JsonArray key, int size, Instant now) {
    return JsonObject.builder()
        .put("key", key)
        .put("since", now.toEpochMilli())
        .put("events", JsonArray.of(java.util.Collections.nCopies(size, Json.NULL)))
        .build();
  }

  private static Added joined(
      List<JsonObject> sets, int index, List<Integer> fits, CloudEvent event) {
    JsonObject set = sets.get(index);
    JsonArray events = (JsonArray) set.get("events");
    for (int fit : fits) {
      if (events.get(fit) == Json.NULL) {
        events = events.with(fit, event.json());
        break;
      }
    }
    if (events.toList().contains(Json.NULL)) {
      sets.set(index, set.with("events", events));
      return new Added(JsonArray.of(sets), Optional.empty());
    }
    sets.remove(index);
    List<CloudEvent> complete = new ArrayList<>();
    events.forEach(e -> complete.add(new CloudEvent((JsonObject) e)));
    return new Added(JsonArray.of(sets), Optional.of(complete));
  }
}
