package io.direktiv.model.read;

import io.direktiv.json.Json;
import io.direktiv.model.EventFilter;
import io.direktiv.model.EventPattern;
import io.direktiv.model.EventTemplate;
import io.direktiv.model.Expression;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads what is said of events.
final class EventReader {
  /// What the engine writes into an event itself.
  private static final Set<String> OWN =
      Set.of(
          "specversion", "id", "source", "type", "time", "datacontenttype", "data", "data_base64");

  private final ExpressionReader expressions;

  EventReader(ExpressionReader expressions) {
    this.expressions = expressions;
  }

  /// An event that starts a workflow.
  Optional<EventFilter> filter(Fields.Context context, String what, Node node) {
    Optional<Fields> read = Fields.of(context, what, node);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> type = fields.required("type", what + ": type required");
    Map<String, Json> attributes = new LinkedHashMap<>();
    for (String name : new String[] {"filters", "context"}) {
      fields
          .node(name)
          .ifPresent(value ->
              mapping(fields, name, value)
                  .forEach((key, v) -> attributes.put(key, ExpressionReader.json(v))));
    }
    fields.finish();
    return type.map(t -> new EventFilter(t, attributes));
  }

  /// An event that a state waits for.
  Optional<EventPattern> pattern(Fields.Context context, String what, Node node) {
    Optional<Fields> read = Fields.of(context, what, node);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> type = fields.required("type", what + ": type required");
    Map<String, Expression> attributes = new LinkedHashMap<>();
    for (String name : new String[] {"context", "filters"}) {
      attributes.putAll(expressions(fields, name, true));
    }
    fields.finish();
    return type.map(t -> new EventPattern(t, attributes));
  }

  /// The event that a state publishes.
  Optional<EventTemplate> template(Fields.Context context, String what, Node node) {
    Optional<Fields> read = Fields.of(context, what, node);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> type = fields.required("type", what + ": type required");
    Optional<String> source = fields.required("source", what + ": source required");
    Optional<Expression> data = expressions.queryOrValue(fields, "data");
    Optional<String> contentType = fields.text("dataContentType");
    Map<String, Expression> extensions = expressions(fields, "context", true);
    for (String name : extensions.keySet()) {
      if (OWN.contains(name)) {
        fields.error(
            fields.place("context"),
            what + ": \"context\" must not set \"" + name + "\", which every event has of its own");
      }
    }
    fields.finish();
    if (type.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new EventTemplate(type.get(), source.get(), data, contentType, extensions));
  }

  private Map<String, Expression> expressions(Fields fields, String name, boolean isLower) {
    Map<String, Expression> found = new LinkedHashMap<>();
    Optional<Node> node = fields.node(name);
    if (node.isEmpty()) {
      return found;
    }
    mapping(fields, name, node.get())
        .forEach((key, value) -> found.put(key, expressions.value(fields.what(), name, value)));
    return found;
  }

  private static Map<String, Node> mapping(Fields fields, String name, Node node) {
    Map<String, Node> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      fields.error(
          YamlText.place(node),
          fields.what()
              + ": \""
              + name
              + "\" must map attribute names to values, but it is "
              + Fields.kind(node));
      return entries;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      entries.put(key.toLowerCase(Locale.ROOT), tuple.getValueNode());
    }
    return entries;
  }
}
