package io.direktiv.model.read;

import io.direktiv.model.Cron;
import io.direktiv.model.EventFilter;
import io.direktiv.model.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads how a workflow starts.
final class StartReader {
  private static final List<String> TYPES =
      List.of("default", "scheduled", "event", "eventsXor", "eventsAnd");

  private final EventReader events;
  private final Set<String> states;

  StartReader(EventReader events, Set<String> states) {
    this.events = events;
    this.states = states;
  }

  Start read(Fields workflow) {
    Start none = new Start.Default(Optional.empty());
    Optional<Fields> read = workflow.fields("start", "start");
    if (read.isEmpty()) {
      return none;
    }
    Fields fields = read.get();
    Optional<String> type = fields.required("type", "start: type required");
    Optional<String> state = fields.text("state").filter(id -> !id.isEmpty());
    if (state.isPresent() && !states.contains(state.get())) {
      fields.error(
          fields.place("state"),
          "start targets state that does not exist: \""
              + Fields.shorten(state.get())
              + "\""
              + Nearest.hint(state.get(), states));
    }
    if (type.isEmpty()) {
      return none;
    }
    Start start =
        switch (Fields.normal(type.get())) {
          case "default" -> new Start.Default(state);
          case "scheduled" -> scheduled(fields, state);
          case "event" ->
              event(fields).<Start>map(event -> new Start.Event(state, event)).orElse(none);
          case "eventsxor", "eventxor" -> new Start.EventsXor(state, events(fields));
          case "eventsand", "eventand" ->
              new Start.EventsAnd(
                  state, events(fields), fields.duration("lifespan"), fields.texts("correlate"));
          default -> {
            fields.error(
                fields.place("type"),
                "start: type unimplemented/unrecognized: \""
                    + Fields.shorten(type.get())
                    + "\""
                    + Nearest.hint(type.get(), TYPES));
            yield none;
          }
        };
    fields.finish();
    return start;
  }

  private static Start scheduled(Fields fields, Optional<String> state) {
    Optional<String> cron = fields.text("cron");
    if (cron.isPresent()) {
      try {
        Cron.parse(cron.get());
      } catch (IllegalArgumentException e) {
        fields.error(
            fields.place("cron"),
            "start: \""
                + Fields.shorten(cron.get())
                + "\" is not a cron expression: "
                + e.getMessage());
      }
    }
    return new Start.Scheduled(state, cron);
  }

  private Optional<EventFilter> event(Fields fields) {
    Optional<Node> node = fields.node("event");
    if (node.isEmpty()) {
      fields.error(fields.place(), "start: event required");
      return Optional.empty();
    }
    return events.filter(fields.context(), "start event", node.get());
  }

  private List<EventFilter> events(Fields fields) {
    List<EventFilter> filters = new ArrayList<>();
    List<Node> nodes = fields.requiredList("events", "start: atleast one event is required");
    for (int i = 0; i < nodes.size(); i++) {
      events
          .filter(fields.context(), "start events[" + i + "]", nodes.get(i))
          .ifPresent(filters::add);
    }
    return filters;
  }
}
