package io.direktiv.model.read;

import io.direktiv.jq.Query;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Expression;
import io.direktiv.model.Place;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads queries and values that may hold queries.
final class ExpressionReader {
  /// How many mistakes of one query are reported.
  private static final int MISTAKES_MAX = 10;

  private static final Pattern LATER = Pattern.compile("\\s*(jq|js)\\(");

  private final Fields.Context context;

  ExpressionReader(Fields.Context context) {
    this.context = context;
  }

  /// A field that is a query; a bad one is an error.
  Optional<Expression> query(Fields fields, String name) {
    return fields.scalar(name).map(node -> query(fields.what(), name, node, true));
  }

  /// A field that is a query; a bad one is a warning, since the original accepted it.
  Optional<Expression> lenientQuery(Fields fields, String name) {
    return fields.scalar(name).map(node -> query(fields.what(), name, node, false));
  }

  Expression query(String what, String name, ScalarNode node, boolean isStrict) {
    return query(what, name, node, node.getValue(), 0, isStrict);
  }

  private Expression query(
      String what, String name, ScalarNode node, String text, int offset, boolean isStrict) {
    Matcher later = LATER.matcher(text);
    if (later.lookingAt()) {
      Place place = context.text().place(node, offset);
      context.problems().laterDialect(place, later.group(1) + "(…)");
      return new Expression.Broken(text, "not of the classic dialect", place);
    }
    try {
      // The original took an empty query for '.', which jq refuses.
      Query query = Query.compile(text.isBlank() ? "." : text);
      for (Problem doubt : query.doubts(name.equals("condition"))) {
        Place place = context.text().place(node, offset + doubt.at());
        String message = what + ": \"" + name + "\": " + doubt.sentence();
        context.problems().add(Diagnostic.Severity.WARNING, place, message);
      }
      return new Expression.Jq(query, context.text().place(node, offset));
    } catch (QuerySyntaxException e) {
      Place place = context.text().place(node, offset + e.offset());
      mistakes(what + ": \"" + name + "\" is not a jq query: ", node, offset, e, isStrict);
      return new Expression.Broken(text, e.getMessage(), place);
    }
  }

  /// Reports the mistakes of a query, without those that only follow from one before.
  private void mistakes(
      String intro, ScalarNode node, int offset, QuerySyntaxException e, boolean isStrict) {
    Problem first = e.problems().getFirst();
    List<Problem> own =
        e.problems().stream()
            .filter(problem -> problem == first || !problem.hint().isEmpty())
            .limit(MISTAKES_MAX)
            .toList();
    for (Problem problem : own) {
      int at = Math.min(problem.at(), node.getValue().length());
      String message = intro + problem.sentence();
      context
          .problems()
          .add(
              isStrict ? Diagnostic.Severity.ERROR : Diagnostic.Severity.WARNING,
              context.text().place(node, offset + at),
              isStrict ? message : message + "; evaluating it will fail");
    }
  }

  /// A field that is a query when it is a text, and else a value in which every text of the form
  /// `{{ query }}` is one.
  Optional<Expression> queryOrValue(Fields fields, String name) {
    Optional<Node> node = fields.node(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return Optional.of(query(fields.what(), name, scalar, false));
    }
    return Optional.of(value(fields.what(), name, node.get()));
  }

  /// A value in which every text of the form `{{ query }}` is a query.
  Expression value(String what, String name, Node node) {
    return switch (node) {
      case ScalarNode scalar -> scalar(what, name, scalar);
      case SequenceNode sequence -> {
        List<Expression> elements = new ArrayList<>();
        for (Node element : sequence.getValue()) {
          elements.add(value(what, name, element));
        }
        yield new Expression.Elements(elements);
      }
      case MappingNode mapping -> {
        Map<String, Expression> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
          members.put(key(tuple.getKeyNode()), value(what, name, tuple.getValueNode()));
        }
        yield new Expression.Members(members);
      }
      default -> new Expression.Literal(Json.NULL);
    };
  }

  private Expression scalar(String what, String name, ScalarNode scalar) {
    String text = scalar.getValue();
    boolean isText = scalar.getTag().equals(Tag.STR);
    if (isText && text.length() >= 4 && text.startsWith("{{") && text.endsWith("}}")) {
      return query(what, name, scalar, text.substring(2, text.length() - 2), 2, false);
    }
    Matcher later = LATER.matcher(text);
    if (isText && later.lookingAt() && text.stripTrailing().endsWith(")")) {
      context.problems().laterDialect(YamlText.place(scalar), later.group(1) + "(…)");
    }
    return new Expression.Literal(json(scalar));
  }

  private static String key(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : node.toString();
  }

  /// The JSON value of a node without queries.
  static Json json(Node node) {
    return switch (node) {
      case ScalarNode scalar -> json(scalar);
      case SequenceNode sequence ->
          JsonArray.of(sequence.getValue().stream().map(ExpressionReader::json).toList());
      case MappingNode mapping -> {
        JsonObject.Builder object = JsonObject.builder();
        for (NodeTuple tuple : mapping.getValue()) {
          object.put(key(tuple.getKeyNode()), json(tuple.getValueNode()));
        }
        yield object.build();
      }
      default -> Json.NULL;
    };
  }

  /// False for a text that a tag calls a number though it is none.
  static boolean isWhatItsTagSays(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.STR) || !(json(scalar) instanceof JsonString);
  }

  private static Json json(ScalarNode scalar) {
    try {
      return typed(scalar);
    } catch (NumberFormatException _) {
      return Json.of(scalar.getValue());
    }
  }

  private static Json typed(ScalarNode scalar) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return Json.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return Json.of(text.equalsIgnoreCase("true"));
    }
    if (tag.equals(Tag.INT)) {
      return integer(text);
    }
    if (tag.equals(Tag.FLOAT)) {
      return number(text);
    }
    return Json.of(text);
  }

  private static Json integer(String text) {
    if (text.startsWith("0x")) {
      return JsonNumber.literal(new BigInteger(text.substring(2), 16).toString());
    }
    if (text.startsWith("0o")) {
      return JsonNumber.literal(new BigInteger(text.substring(2), 8).toString());
    }
    return JsonNumber.literal(
        new BigInteger(text.startsWith("+") ? text.substring(1) : text).toString());
  }

  private static Json number(String text) {
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    if (lower.endsWith(".inf")) {
      return Json.of(lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (lower.endsWith(".nan")) {
      return Json.of(Double.NaN);
    }
    return JsonNumber.literal(text.startsWith("+") ? text.substring(1) : text);
  }
}
