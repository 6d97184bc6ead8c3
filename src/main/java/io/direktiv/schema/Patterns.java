package io.direktiv.schema;

import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Syntax;
import org.joni.exception.JOniException;
import org.joni.exception.TimeoutException;

/// Evaluates `pattern` under a time limit: patterns come from strangers.
final class Patterns implements EvaluatorFactory {
  /// The longest search of one pattern in one string.
  private static final Duration TIME_MAX = Duration.ofMillis(200);

  @Override
  public Optional<Evaluator> create(SchemaParsingContext context, String name, JsonNode node) {
    if (!name.equals("pattern") || !node.isString()) {
      return Optional.empty();
    }
    String pattern = node.asString();
    Regex regex = compile(pattern);
    return Optional.of((_, value) -> {
      if (!value.isString()) {
        return Evaluator.Result.success();
      }
      return isFound(regex, value.asString())
          ? Evaluator.Result.success()
          : Evaluator.Result.failure("does not match the pattern \"" + pattern + "\"");
    });
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
    Matcher matcher = regex.matcher(bytes, 0, bytes.length, TIME_MAX.toNanos());
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
