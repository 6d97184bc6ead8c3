package io.direktiv.model.read;

import io.direktiv.model.Action;
import io.direktiv.model.Catcher;
import io.direktiv.model.Expression;
import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.Retry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads actions, retries and catchers.
final class ActionReader {
  private static final Retry DEFAULT =
      new Retry(
          1,
          new IsoDuration(java.time.Period.ZERO, java.time.Duration.ofSeconds(1)),
          1,
          Optional.empty(),
          0,
          List.of(),
          Optional.empty());

  private final ExpressionReader expressions;
  private final Map<String, FunctionDefinition> functions;

  ActionReader(ExpressionReader expressions, Map<String, FunctionDefinition> functions) {
    this.expressions = expressions;
    this.functions = functions;
  }

  /// The action of a state; empty after a problem.
  Optional<Action> action(Fields state, String called) {
    Optional<Node> node = state.node("action");
    if (node.isEmpty()) {
      state.error(state.keyPlace("action"), state.what() + ": action required");
      return Optional.empty();
    }
    return action(state.context(), called, node.get());
  }

  Optional<Action> action(Fields.Context context, String called, Node node) {
    Optional<Fields> read = Fields.of(context, called, node);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> function = fields.text("function");
    Optional<String> workflow = fields.text("workflow");
    Optional<Expression> input = expressions.queryOrValue(fields, "input");
    List<String> secrets = fields.texts("secrets");
    if (fields.has("retries")) {
      context.problems().laterDialect(fields.keyPlace("retries"), "\"retries\" of an action");
      fields.node("retries");
    }
    fields.finish();
    return target(fields, function, workflow).map(target -> new Action(target, input, secrets));
  }

  private Optional<Action.Target> target(
      Fields fields, Optional<String> function, Optional<String> workflow) {
    if (function.isPresent() && workflow.isPresent()) {
      fields.error(
          fields.keyPlace("workflow"),
          fields.what() + ": function and workflow cannot coexist; keep one of them");
      return Optional.empty();
    }
    if (function.isPresent()) {
      if (!functions.containsKey(function.get())) {
        fields.error(
            fields.place("function"),
            fields.what()
                + " function '"
                + function.get()
                + "' does not exist"
                + Nearest.hint(function.get(), functions.keySet()));
      }
      return function.map(Action.Target.Function::new);
    }
    if (workflow.isEmpty()) {
      fields.error(
          fields.place(), fields.what() + ": must define atleast one function or workflow");
    }
    return workflow.map(Action.Target.Subflow::new);
  }

  /// The retry in a field of `owner`.
  Optional<Retry> retry(Fields owner, String name) {
    Optional<Fields> read = owner.fields(name, owner.what() + ": \"" + name + "\"");
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    if (fields.node("maxAttempts").isEmpty()) {
      fields.error(fields.place(), fields.what() + ": maxAttempts required, a number above 0");
    }
    Retry retry =
        new Retry(
            fields.integer("maxAttempts", 1, 1_000_000).orElse(1),
            fields.duration("delay").orElse(DEFAULT.delay()),
            multiplier(fields),
            fields.duration("maxDelay"),
            fields.number("jitter", 0, 1).orElse(0.0),
            fields.texts("codes"),
            fields.text("throw"));
    fields.finish();
    return Optional.of(retry);
  }

  private static double multiplier(Fields fields) {
    double multiplier = fields.number("multiplier", 0, 1_000).orElse(1.0);
    return multiplier == 0 ? 1 : multiplier;
  }

  /// The catchers of a state.
  List<Catcher> catchers(Fields state, Set<String> states) {
    return state.list("catch").stream()
        .flatMap(node -> catcher(state, node, states).stream())
        .toList();
  }

  private Optional<Catcher> catcher(Fields state, Node node, Set<String> states) {
    Optional<Fields> read =
        Fields.of(state.context(), state.what() + ": an entry of \"catch\"", node);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = read.get();
    Optional<String> error =
        fields.required("error", fields.what() + ": error required, a pattern such as \"*\"");
    Optional<Retry> retry = retry(fields, "retry");
    Optional<String> transition = StateReader.transition(fields, "transition", states);
    fields.finish();
    return error.map(pattern -> new Catcher(pattern, retry, transition));
  }
}
