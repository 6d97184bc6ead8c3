package io.direktiv.events;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import io.direktiv.model.event.EventMatcher;
import io.direktiv.model.event.EventPlaces;
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
    Optional<JsonArray> key = key(listener, event);
    if (EventMatcher.fits(listener.filters(), event).isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    List<JsonObject> sets = alive(listener, now);
    for (int i = 0; i < sets.size(); i++) {
      if (key.get().equals(sets.get(i).get("key"))) {
        return Optional.of(joined(listener.filters(), sets, i, event));
      }
    }
    if (sets.size() >= Limits.SETS_MAX) {
      sets.removeFirst();
    }
    sets.add(empty(key.get(), listener.filters().size(), now));
    return Optional.of(joined(listener.filters(), sets, sets.size() - 1, event));
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
      List<EventFilter> filters, List<JsonObject> sets, int index, CloudEvent event) {
    JsonObject set = sets.get(index);
    List<Optional<CloudEvent>> places = EventPlaces.add(filters, places(set), event);
    if (places.stream().anyMatch(Optional::isEmpty)) {
      List<Json> events =
          places.stream().map(e -> e.<Json>map(CloudEvent::json).orElse(Json.NULL)).toList();
      sets.set(index, set.with("events", JsonArray.of(events)));
      return new Added(JsonArray.of(sets), Optional.empty());
    }
    sets.remove(index);
    return new Added(
        JsonArray.of(sets), Optional.of(places.stream().map(Optional::orElseThrow).toList()));
  }

  private static List<Optional<CloudEvent>> places(JsonObject set) {
    return ((JsonArray) set.get("events"))
        .toList().stream()
            .map(e ->
                e instanceof JsonObject event
                    ? Optional.of(new CloudEvent(event))
                    : Optional.<CloudEvent>empty())
            .toList();
  }
}
