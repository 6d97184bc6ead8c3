package io.direktiv.model.read;

import io.direktiv.model.IsoDuration;
import io.direktiv.model.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// The fields of one YAML mapping. Keys match in any letter case and with or without underscores,
/// as in the releases of the original; what nobody asked for is an unknown field.
final class Fields {
  private record Field(String spelling, Place place, Node value) {}

  private final Context context;
  private final String what;
  private final Place place;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final Map<String, String> asked = new LinkedHashMap<>();

  private Fields(Context context, String what, Place place) {
    this.context = context;
    this.what = what;
    this.place = place;
  }

  /// What all parts of a reader share.
  record Context(YamlText text, Problems problems) {}

  /// The fields of `node`; empty after a problem when it is not a mapping.
  static Optional<Fields> of(Context context, String what, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      context
          .problems()
          .error(
              YamlText.place(node), what + " must be a mapping of fields, but it is " + kind(node));
      return Optional.empty();
    }
    Fields fields = new Fields(context, what, YamlText.place(node));
    for (NodeTuple tuple : mapping.getValue()) {
      fields.add(tuple);
    }
    return Optional.of(fields);
  }

  private void add(NodeTuple tuple) {
    Place at = YamlText.place(tuple.getKeyNode());
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      return;
    }
    Field field = new Field(key.getValue(), at, tuple.getValueNode());
    Field earlier = fields.putIfAbsent(normal(key.getValue()), field);
    if (earlier != null && !earlier.spelling().equals(key.getValue())) {
      context
          .problems()
          .error(
              at,
              what
                  + " has the field \""
                  + key.getValue()
                  + "\" twice; the first is in line "
                  + earlier.place().line());
    }
  }

  static String normal(String key) {
    return key.replace("_", "").toLowerCase(Locale.ROOT);
  }

  static String kind(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "empty";
      case ScalarNode scalar -> "\"" + shorten(scalar.getValue()) + "\"";
      default -> "something else";
    };
  }

  static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  Place place() {
    return place;
  }

  String what() {
    return what;
  }

  Context context() {
    return context;
  }

  void error(Place at, String message) {
    context.problems().error(at, message);
  }

  /// The value of a field; null counts as absent.
  Optional<Node> node(String name) {
    asked.putIfAbsent(normal(name), name);
    return Optional.ofNullable(fields.get(normal(name)))
        .map(Field::value)
        .filter(node -> !node.getTag().equals(Tag.NULL));
  }

  boolean has(String name) {
    return fields.containsKey(normal(name));
  }

  /// Where the value of a field stands, else where the mapping does.
  Place place(String name) {
    Field field = fields.get(normal(name));
    return field == null ? place : YamlText.place(field.value());
  }

  /// Where the key of a field stands, else where the mapping does.
  Place keyPlace(String name) {
    Field field = fields.get(normal(name));
    return field == null ? place : field.place();
  }

  Optional<ScalarNode> scalar(String name) {
    Optional<Node> node = node(name);
    if (node.isPresent() && !(node.get() instanceof ScalarNode)) {
      error(place(name), what + ": \"" + name + "\" must be a text, but it is " + kind(node.get()));
      return Optional.empty();
    }
    return node.map(ScalarNode.class::cast);
  }

  Optional<String> text(String name) {
    return scalar(name).map(ScalarNode::getValue);
  }

  /// A text that must be there; `message` is the problem when it is not.
  Optional<String> required(String name, String message) {
    Optional<String> text = text(name);
    if ((text.isEmpty() && node(name).isEmpty()) || text.filter(String::isEmpty).isPresent()) {
      error(keyPlace(name), message);
      return Optional.empty();
    }
    return text;
  }

  Optional<Boolean> bool(String name) {
    Optional<ScalarNode> scalar = scalar(name);
    if (scalar.isEmpty()) {
      return Optional.empty();
    }
    if (!scalar.get().getTag().equals(Tag.BOOL)) {
      error(
          place(name),
          what + ": \"" + name + "\" must be true or false, but it is " + kind(scalar.get()));
      return Optional.empty();
    }
    return Optional.of(scalar.get().getValue().equalsIgnoreCase("true"));
  }

  /// A number from `min` to `max`.
  Optional<Double> number(String name, double min, double max) {
    Optional<ScalarNode> scalar = scalar(name);
    if (scalar.isEmpty()) {
      return Optional.empty();
    }
    try {
      double number = Double.parseDouble(scalar.get().getValue());
      if (number >= min && number <= max) {
        return Optional.of(number);
      }
    } catch (NumberFormatException _) {
      // Reported below, as a number out of range is.
    }
    error(
        place(name),
        what
            + ": \""
            + name
            + "\" must be a number from "
            + plain(min)
            + " to "
            + plain(max)
            + ", but it is "
            + kind(scalar.get()));
    return Optional.empty();
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  Optional<Integer> integer(String name, int min, int max) {
    Optional<Double> number = number(name, min, max);
    if (number.isPresent() && number.get() != Math.rint(number.get())) {
      error(place(name), what + ": \"" + name + "\" must be a whole number");
      return Optional.empty();
    }
    return number.map(Double::intValue);
  }

  Optional<IsoDuration> duration(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<IsoDuration> duration = IsoDuration.parse(text.get());
    if (duration.isEmpty()) {
      error(
          place(name),
          what
              + ": \""
              + name
              + "\": '"
              + shorten(text.get())
              + "' is not a ISO8601 string; write a duration such as PT30S, PT5M or P1D");
    }
    return duration;
  }

  /// The elements of a list; a single value is not taken for one.
  List<Node> list(String name) {
    Optional<Node> node = node(name);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof SequenceNode sequence)) {
      error(place(name), what + ": \"" + name + "\" must be a list, but it is " + kind(node.get()));
      return List.of();
    }
    return sequence.getValue();
  }

  /// The elements of a list that must be there; `message` is the problem when it is not.
  List<Node> requiredList(String name, String message) {
    Optional<Node> node = node(name);
    boolean isEmpty =
        node.isEmpty() || node.get() instanceof SequenceNode s && s.getValue().isEmpty();
    if (isEmpty) {
      error(keyPlace(name), message);
    }
    return list(name);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Node node : list(name)) {
      if (node instanceof ScalarNode scalar) {
        texts.add(scalar.getValue());
      } else {
        error(
            YamlText.place(node),
            what + ": \"" + name + "\" must be a list of texts, but this is " + kind(node));
      }
    }
    return texts;
  }

  Optional<Fields> fields(String name, String called) {
    return node(name).flatMap(node -> Fields.of(context, called, node));
  }

  /// Reports every field that nobody asked for.
  void finish() {
    fields.forEach((key, field) -> {
      if (!asked.containsKey(key)) {
        error(
            field.place(),
            what
                + ": unknown field \""
                + shorten(field.spelling())
                + "\""
                + Nearest.hint(field.spelling(), new TreeSet<>(asked.values())));
      }
    });
  }
}
