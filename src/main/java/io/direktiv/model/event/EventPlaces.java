package io.direktiv.model.event;

import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Places for events, one for each filter of somebody who waits for all of them.
///
/// An event may fit several filters, and one that took the place of a later one moves to another
/// place that it fits, so the order in which events arrive does not matter: this is the augmenting
/// path of bipartite matching, found breadth first. Adding an event asks at most once for each pair
/// of a present event and a place.
public final class EventPlaces {
  private static final int UNSEEN = -2;
  private static final int NEW_EVENT = -1;

  private EventPlaces() {}

  /// The places after `event` came; the same when it is not needed.
  ///
  /// @param places what fills the place of each of `filters`, where something does
  public static List<Optional<CloudEvent>> add(
      List<EventFilter> filters, List<Optional<CloudEvent>> places, CloudEvent event) {
    int[] from = new int[filters.size()];
    Arrays.fill(from, UNSEEN);
    ArrayDeque<Integer> open = new ArrayDeque<>();
    int free = reach(filters, places, event, NEW_EVENT, from, open);
    while (free < 0 && !open.isEmpty()) {
      int place = open.poll();
      free = reach(filters, places, places.get(place).orElseThrow(), place, from, open);
    }
    return free < 0 ? places : moved(places, event, free, from);
  }

  /// Marks the places that `event` could have, which come from `place`; returns a free one, or -1.
  private static int reach(
      List<EventFilter> filters,
      List<Optional<CloudEvent>> places,
      CloudEvent event,
      int place,
      int[] from,
      ArrayDeque<Integer> open) {
    for (int fit : EventMatcher.fits(filters, event)) {
      if (from[fit] == UNSEEN) {
        from[fit] = place;
        if (places.get(fit).isEmpty()) {
          return fit;
        }
        open.add(fit);
      }
    }
    return -1;
  }

  /// Moves the events along the path to `free` by one, and puts the new one where it begins.
  private static List<Optional<CloudEvent>> moved(
      List<Optional<CloudEvent>> places, CloudEvent event, int free, int[] from) {
    List<Optional<CloudEvent>> moved = new ArrayList<>(places);
    int place = free;
    while (from[place] != NEW_EVENT) {
      moved.set(place, places.get(from[place]));
      place = from[place];
    }
    moved.set(place, Optional.of(event));
    return List.copyOf(moved);
  }
}
