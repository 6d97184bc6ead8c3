package io.direktiv.model.event;

import io.direktiv.json.Json;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decides whether an event fits a filter (reference 1.3, Events).
public final class EventMatcher {
  private EventMatcher() {}

  /// The indexes of those of `filters` that `event` fits, the smallest first.
  public static List<Integer> fits(List<EventFilter> filters, CloudEvent event) {
    List<Integer> fits = new ArrayList<>();
    for (int i = 0; i < filters.size(); i++) {
      if (fits(filters.get(i), event)) {
        fits.add(i);
      }
    }
    return fits;
  }

  /// True when the type is equal and every attribute of the filter is there and matches.
  public static boolean fits(EventFilter filter, CloudEvent event) {
    return filter.type().equals(event.type())
        && filter.attributes().entrySet().stream().allMatch(entry -> fits(entry, event));
  }

  private static boolean fits(Map.Entry<String, Json> wanted, CloudEvent event) {
    Optional<Json> found = event.attribute(wanted.getKey().toLowerCase(Locale.ROOT));
    return found.isPresent() && Globs.matches(text(wanted.getValue()), text(found.get()));
  }

  private static String text(Json value) {
    return value instanceof JsonString string ? string.value() : value.toString();
  }
}
