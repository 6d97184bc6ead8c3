package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// How instances of a workflow begin.
public sealed interface Start {
  /// The state to enter first; absent for the first of the file.
  Optional<String> state();

  /// The word that names this kind in YAML.
  default String type() {
    return switch (this) {
      case Default _ -> "default";
      case Scheduled _ -> "scheduled";
      case Event _ -> "event";
      case EventsXor _ -> "eventsXor";
      case EventsAnd _ -> "eventsAnd";
    };
  }

  /// By API or as a subflow.
  record Default(Optional<String> state) implements Start {}

  /// By the clock, as the `cron` expression says.
  record Scheduled(Optional<String> state, Optional<String> cron) implements Start {}

  /// By one event.
  record Event(Optional<String> state, EventFilter event) implements Start {}

  /// By any one of several events.
  record EventsXor(Optional<String> state, List<EventFilter> events) implements Start {}

  /// By all of several events.
  ///
  /// @param lifespan how long an incomplete set is kept; absent for ever
  /// @param correlate attributes whose values must be equal in all events of a set
  record EventsAnd(
      Optional<String> state,
      List<EventFilter> events,
      Optional<IsoDuration> lifespan,
      List<String> correlate)
      implements Start {}
}
