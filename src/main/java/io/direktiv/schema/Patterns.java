package io.direktiv.schema;

import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Syntax;
import org.joni.exception.JOniException;
import org.joni.exception.TimeoutException;

/// Evaluates `pattern` and `patternProperties` under a time limit: patterns come from strangers.
///
/// `additionalProperties` beside `patternProperties` is evaluated here too, since the library hands
/// it the properties that its own `patternProperties` matched.
final class Patterns implements EvaluatorFactory {
  /// The longest search of one pattern in one string.
  private static final Duration TIME_MAX = Duration.ofMillis(200);

  @Override
  public Optional<Evaluator> create(SchemaParsingContext context, String name, JsonNode node) {
    boolean hasPatterns =
        context.getCurrentSchemaObject().get("patternProperties") instanceof JsonNode patterns
            && patterns.isObject();
    return switch (name) {
      case "pattern" -> node.isString() ? Optional.of(pattern(node.asString())) : Optional.empty();
      case "patternProperties" ->
          hasPatterns ? Optional.of(properties(context, node)) : Optional.empty();
      case "additionalProperties" ->
          hasPatterns ? Optional.of(additional(context, node)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Evaluator pattern(String pattern) {
    Regex regex = compile(pattern);
    return (_, value) ->
        !value.isString() || isFound(regex, value.asString())
            ? Evaluator.Result.success()
            : Evaluator.Result.failure("does not match the pattern \"" + pattern + "\"");
  }

  private record Rule(Regex regex, String schema) {}

  private static Evaluator properties(SchemaParsingContext context, JsonNode patterns) {
    List<Rule> rules = new ArrayList<>();
    patterns
        .asObject()
        .forEach((pattern, schema) ->
            rules.add(new Rule(compile(pattern), context.getAbsoluteUri(schema))));
    return (evaluation, value) -> {
      Set<String> matched = new HashSet<>();
      Map<String, JsonNode> members = value.isObject() ? value.asObject() : Map.of();
      boolean isValid = true;
      for (Map.Entry<String, JsonNode> member : members.entrySet()) {
        for (Rule rule : rules) {
          if (isFound(rule.regex, member.getKey())) {
            matched.add(member.getKey());
            isValid &= evaluation.resolveInternalRefAndValidate(rule.schema, member.getValue());
          }
        }
      }
      return isValid ? Evaluator.Result.success(matched) : Evaluator.Result.failure();
    };
  }

  private static Evaluator additional(SchemaParsingContext context, JsonNode node) {
    Map<String, JsonNode> siblings = context.getCurrentSchemaObject();
    List<Regex> patterns =
        siblings.get("patternProperties").asObject().keySet().stream()
            .map(Patterns::compile)
            .toList();
    JsonNode named = siblings.get("properties");
    Set<String> names = named != null && named.isObject() ? named.asObject().keySet() : Set.of();
    String schema = context.getAbsoluteUri(node);
    return (evaluation, value) -> {
      Map<String, JsonNode> rest =
          new LinkedHashMap<>(value.isObject() ? value.asObject() : Map.of());
      rest.keySet().removeAll(names);
      rest.keySet().removeIf(key -> patterns.stream().anyMatch(regex -> isFound(regex, key)));
      return areValid(evaluation, rest, schema)
          ? Evaluator.Result.success(List.copyOf(rest.keySet()))
          : Evaluator.Result.failure();
    };
  }

  private static boolean areValid(
      EvaluationContext evaluation, Map<String, JsonNode> members, String schema) {
    boolean areValid = true;
    for (JsonNode member : members.values()) {
      areValid &= evaluation.resolveInternalRefAndValidate(schema, member);
    }
    return areValid;
  }

  private static Regex compile(String pattern) {
    byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
    try {
      return new Regex(
          bytes, 0, bytes.length, Option.NONE, UTF8Encoding.INSTANCE, Syntax.ECMAScript);
    } catch (JOniException e) {
      throw new IllegalArgumentException(
          "\"" + pattern + "\" is not a regular expression: " + e.getMessage());
    }
  }

  private static boolean isFound(Regex regex, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long nanos = Math.min(TIME_MAX.toNanos(), Budget.leftNanos());
    Matcher matcher = regex.matcher(bytes, 0, bytes.length, nanos);
    try {
      return matcher.searchInterruptible(0, bytes.length, Option.NONE) >= 0;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
