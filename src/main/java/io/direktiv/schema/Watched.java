package io.direktiv.schema;

import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import java.util.Optional;
import java.util.Set;

/// Counts every evaluation of a keyword against the [Budget]: references that double at each level
/// cost without ever looking at the value.
final class Watched implements EvaluatorFactory {
  @Override
  public Optional<Evaluator> create(SchemaParsingContext context, String name, JsonNode node) {
    return context.getDialect().getEvaluatorFactory().create(context, name, node).map(Counted::new);
  }

  private record Counted(Evaluator evaluator) implements Evaluator {
    @Override
    public Evaluator.Result evaluate(EvaluationContext context, JsonNode value) {
      Budget.look();
      return evaluator.evaluate(context, value);
    }

    @Override
    public int getOrder() {
      return evaluator.getOrder();
    }

    /// WHY: deprecated. SAFE BECAUSE: the library still asks, and the answer is its own.
    @Override
    @SuppressWarnings("deprecation")
    public Set<String> getVocabularies() {
      return evaluator.getVocabularies();
    }
  }
}
